import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { builtInProviders } from '../../../integrations/registry.js';
import { parseConfiguration } from '../../config/read-configuration.js';
import { CustomerSyncError } from '../../core/errors.js';
import { configurationText } from '../../init/configuration-text.js';
import { type Guess, guessMapping } from '../../init/guess-mapping.js';
import { mappingText } from '../../init/mapping-text.js';
import { fileSource, tableSource, withoutExtension } from '../../init/new-source.js';
import { type Place, placeName, readPlace } from '../../init/place.js';
import type { Table } from '../../init/table.js';
import { type Console, say } from '../console.js';
import { definitions } from '../definitions.js';
import { providerNamed } from '../mapping-files.js';
import type { FileFlags } from '../options.js';
import { packageFile } from '../package-file.js';
import { printable } from '../report/values.js';
import { type NextSteps, stepsAfterMapping, stepsAfterSetUp } from './next-steps.js';
import { canAsk, createQuestions } from './questions.js';
import { type ReadSample, readSample } from './read-sample.js';
import { type NewFile, refuseExisting, writeFiles } from './write-files.js';

export interface InitFlags extends FileFlags {
  readonly from?: string;
  readonly table?: string;
  readonly to?: string[];
  readonly out?: string;
  readonly config: string;
  readonly force?: true;
  readonly json?: true;
}

/** What `init` found and wrote. */
export interface DoneSetUp {
  readonly guess: Guess;
  readonly sample: Table;
  readonly mapping: NewFile;
  /** Absent where the mapping is all that was wanted. */
  readonly configuration?: { readonly path: string; readonly job: string };
  /** Absent where no command goes on from here. */
  readonly steps: NextSteps | undefined;
}

/**
 * Writes a source mapping, and, with `--to` or whoever answers questions, the configuration around it.
 * @throws CustomerSyncError `config` for a source that cannot be read and for files that are there; `Interrupted` when
 * somebody leaves. Nothing is written then.
 */
export async function setUp(console: Console, flags: InitFlags): Promise<DoneSetUp> {
  const questions = canAsk(console) && !flags.json ? createQuestions(console) : undefined;
  const isWhole = flags.to !== undefined || (questions !== undefined && flags.out === undefined);
  const force = flags.force === true;
  const named = flags.to?.map(providerNamed);
  if (isWhole) refuseExisting({ path: flags.config, option: '--config' }, force);

  const from = flags.from ?? (await questions?.from());
  if (from === undefined) throw noSource();
  const place = readPlace(from, console.env);
  checkFlags(flags, place, isWhole);
  const read = await readSample(console, place, flags, questions);
  for (const notice of read.sample.notices) say(console, `note: ${printable(notice)}`);
  const guess = guessMapping(
    read.sample,
    builtInProviders.map(({ definition }) => definition.id),
  );
  const path = flags.out ?? mappingPath(place, read, isWhole ? dirname(flags.config) : undefined);
  if (path !== '-') refuseExisting({ path, option: '--out' }, force);
  const text = mappingText(guess.mapping, schemaPath('source-mapping', path));
  const mapping: NewFile = { path, option: '--out', text };
  const found = { guess, sample: read.sample, mapping };

  if (!isWhole) {
    if (path === '-') return { ...found, steps: undefined };
    await writeFiles([mapping], force);
    return { ...found, steps: place.kind === 'file' ? stepsAfterMapping(console, { from, mapping: path }) : undefined };
  }
  const to = (named ?? ((await questions?.to()) ?? []).map(providerNamed)).map(({ definition }) => definition);
  const source = sourceOf(flags, place, read, found);
  const configuration: NewFile = {
    path: flags.config,
    option: '--config',
    text: configurationText({ source, to, schema: schemaPath('configuration', flags.config) }),
  };
  // What the next command would refuse must not be written by this one: the name of a file may look like a reference.
  parseConfiguration(configuration.text, flags.config, definitions);
  await writeFiles([configuration, mapping], force);
  const job = source.name;
  const steps = stepsAfterSetUp(console, { place, from, mapping: path, configuration: flags.config, job, to });
  return { ...found, configuration: { path: flags.config, job }, steps };
}

function sourceOf(
  { config, inputFormat: format, delimiter, encoding }: InitFlags,
  place: Place,
  { table }: ReadSample,
  { guess, sample, mapping }: Pick<DoneSetUp, 'guess' | 'sample' | 'mapping'>,
) {
  const fromFolder = (path: string) => relative(dirname(config), path);
  const file = place.kind === 'postgres' ? '' : place.path;
  const paths = { file: isAbsolute(file) ? file : fromFolder(file), mapping: fromFolder(mapping.path) };
  return place.kind === 'file' || table === undefined
    ? fileSource(paths, { format, delimiter, encoding })
    : tableSource(place, paths, { table, sample, guess });
}

/** Beside the file, as long as it is all that is written; else beside the configuration. */
function mappingPath(place: Place, { table }: ReadSample, folder: string | undefined): string {
  const file = place.kind === 'file' && place.path !== '-' ? withoutExtension(place.path) : 'customers';
  const name = table?.name.replace(/[^\w.-]+/g, '-') ?? file;
  return `${folder === undefined ? name : join(folder, basename(name))}.mapping.json`;
}

/** Absent where neither lies within the other's folder: the path would hold on this machine only. */
function schemaPath(name: string, file: string): string | undefined {
  if (file === '-') return undefined;
  const path = relative(dirname(file), packageFile(`schemas/json/${name}.schema.json`));
  const isInPackage = !relative(packageFile('.'), file).startsWith('..');
  return path.startsWith('..') && !isInPackage ? undefined : path;
}

/** What would not be looked at must not seem to have been. */
function checkFlags({ table, out, inputFormat, delimiter, encoding }: InitFlags, place: Place, isWhole: boolean): void {
  if (place.kind === 'file' && table !== undefined)
    throw misused(`--table is for databases, and ${place.path} is none`, 'Leave it out, or name a database.');
  const ofFiles = { '--input-format': inputFormat, '--delimiter': delimiter, '--encoding': encoding };
  const [stray] = Object.entries(ofFiles).flatMap(([flag, value]) => (value === undefined ? [] : [flag]));
  if (place.kind !== 'file' && stray !== undefined)
    throw misused(`${stray} is for files, and ${placeName(place)} is a database`, 'Leave it out.');
  if (isWhole && place.kind === 'file' && place.path === '-')
    throw misused('standard input cannot be read again at each run of a job', 'Name a file, or leave --to out.');
  if (isWhole && out === '-')
    throw misused('a configuration needs the mapping in a file', 'Name one with --out, or leave --to out.');
}

function noSource(): CustomerSyncError {
  return misused(
    '--from is missing, and there is no terminal to ask on',
    'Say where customers are: --from customers.csv, --from crm.db, or --from postgres://host/database.',
  );
}

function misused(message: string, remedy: string): CustomerSyncError {
  return new CustomerSyncError('config', { message, remedy });
}
