import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import type { Watched } from './watch.js';

const { current, name, hangsAfterMs }: Watched = workerData;
let seen = 0;
let since = 0;

// CPU time: the machine may be busy with something else.
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

setInterval(() => {
  const now = Atomics.load(current, 0);
  if (now !== seen) [seen, since] = [now, cpuMs()];
  else if (now !== 0 && cpuMs() - since > hangsAfterMs) {
    writeSync(2, `${new TextDecoder().decode(name.slice(0, current[1]))} hangs\n`);
    process.kill(process.pid, 'SIGKILL');
  }
}, 500);
