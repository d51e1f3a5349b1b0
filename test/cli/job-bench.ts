import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderWith, runCli, type Stage, startProviders } from './command-line.js';

interface Ending {
  onTestFinished(task: () => void | Promise<void>): void;
}

export const configuration = `
sources:
  crm: { type: file, path: customers.jsonl }
connections:
  lago-eu: { provider: lago }
  autumn: { provider: autumn }
jobs:
  nightly: { source: crm, to: [lago-eu], schedule: 0 3 * * * }
  other: { source: crm, to: [autumn] }
`;

export const lines = (...customers: object[]) => customers.map((customer) => `${JSON.stringify(customer)}\n`).join('');
export const ann = { id: 'a', name: 'Ann', email: 'ann@mail.example' };
export const bo = { id: 'b', name: 'Bo' };

interface Bench {
  readonly folder: string;
  readonly stage: Stage;
  /** One command in the folder, as typed. */
  cli(...args: string[]): ReturnType<typeof runCli>;
  write(file: string, content: string): void;
}

/** A folder with a configuration and a source, and providers to write to. */
export async function bench(
  ending: Ending,
  { config = configuration, customers = lines(ann, bo) } = {},
): Promise<Bench> {
  const stage = await startProviders(['lago', 'autumn'], ending);
  const folder = folderWith({ 'customer-sync.yaml': config, 'customers.jsonl': customers }, ending);
  return {
    folder,
    stage,
    cli: (...args) => runCli(args, { env: stage.env, cwd: folder }),
    write: (file, content) => writeFileSync(join(folder, file), content),
  };
}
