import type { Sample, Soaked, SoakRun } from './soak.js';

/** Resident memory of the process that runs the job, in MB. */
export interface Memory {
  readonly peak: number;
  /** Medians of each tenth of the run's customers. */
  readonly tenths: readonly number[];
}

const maxPeakMb = 500;
/** Of the last tenth, beside the highest of the first half. */
const maxGrowth = 1.2;

/** What a soak shows to be wrong; nothing, when all is well. */
export function findProblems({ runs, difference }: Soaked, customers: number): string[] {
  const { missing, surplus, wrong } = difference;
  return [
    ...runs.flatMap((run, index) => runProblems(run, customers).map((problem) => `run ${index + 1}: ${problem}`)),
    ...(runs.at(-1)?.report.targets[0]?.failing === 0 ? [] : ['customers fail still']),
    ...(missing + surplus + wrong === 0 ? [] : [`the emulator differs: ${JSON.stringify(difference)}`]),
  ];
}

function runProblems({ report, samples, untold, toldOften }: SoakRun, customers: number): string[] {
  const { rows = 0, outcomes = {} } = report.targets[0] ?? {};
  const sum = Object.values(outcomes).reduce((total, count) => total + count, 0);
  const { peak, tenths } = memoryOf(samples);
  const growth = (tenths.at(-1) ?? 0) / Math.max(...tenths.slice(0, 5));
  return [
    ...(report.ended === 'done' ? [] : [`it ended as ${report.ended}: ${report.reason}`]),
    ...(rows === customers && sum === customers ? [] : [`${rows} rows, ${sum} outcomes`]),
    ...(toldOften === 0 ? [] : [`${toldOften} customers had two outcomes`]),
    ...(untold === (outcomes.unchanged ?? 0) ? [] : [`${untold} customers had no outcome`]),
    ...(peak < maxPeakMb ? [] : [`${Math.round(peak)} MB of memory`]),
    ...(growth < maxGrowth ? [] : [`memory grew to ${growth.toFixed(2)} times what it was`]),
  ];
}

export function memoryOf(samples: readonly Sample[]): Memory {
  const last = samples.at(-1)?.done ?? 0;
  const tenths = Array.from({ length: 10 }, (_, tenth) =>
    median(
      samples.filter(({ done }) => Math.min(9, Math.floor((10 * done) / last)) === tenth).map(({ rssMb }) => rssMb),
    ),
  ).filter((value) => value !== undefined);
  return { peak: Math.max(...samples.map(({ rssMb }) => rssMb)), tenths };
}

function median(values: readonly number[]): number | undefined {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)];
}
