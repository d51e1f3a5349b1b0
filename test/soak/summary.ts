import { memoryOf } from './check.js';
import type { Soaked } from './soak.js';

/** The figures of a soak, a line each. */
export function summaryOf({ runs, difference, emulator }: Soaked): string[] {
  return [
    ...runs.flatMap(({ report: { targets }, samples, seconds }, index) => {
      const { outcomes = {}, requests = 0 } = targets[0] ?? {};
      const { peak, tenths } = memoryOf(samples);
      return [
        `run ${index + 1}: ${JSON.stringify(outcomes)}, ${requests} requests, ${seconds.toFixed(0)} s`,
        `  memory: at most ${peak.toFixed(0)} MB; median of each tenth ${tenths.map((mb) => mb.toFixed(0)).join(' ')}`,
      ];
    }),
    `emulator: ${emulator.requests} requests, ${emulator.faults} faults, at most ${emulator.peakMb.toFixed(0)} MB`,
    `emulator and source: ${JSON.stringify(difference)}`,
  ];
}
