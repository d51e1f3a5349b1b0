/**
 * Milliseconds that have passed. With BENCH_CLOCK=cpu, those that this thread was given by the machine: on a machine that
 * is busy with other work they still tell one engine from another. Work of the garbage collector on other threads is then
 * left out, for all engines alike.
 */
export const now: () => number = process.env['BENCH_CLOCK'] === 'cpu' ? threadTime : () => performance.now();

function threadTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
