import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { builtInProviders } from '../../../integrations/registry.js';
import { readConfiguration } from '../../config/read-configuration.js';
import { CustomerSyncError } from '../../core/errors.js';
import type { MappingText } from '../../lint/lint-text.js';
import { lintTexts } from '../../lint/lint-texts.js';
import { readMappingFile } from '../../lint/read-file.js';
import type { Console } from '../console.js';
import { definitions } from '../definitions.js';
import { exitCode } from '../exit-code.js';
import {
  addOverlay,
  connectionOverlays,
  lintProviders,
  type NamedOverlay,
  openMapping,
  providerNamed,
  shippedMapping,
  sourceMappingFiles,
} from '../mapping-files.js';
import { writeText } from '../output.js';
import { effectiveText, findingsText } from '../report/lint.js';
import { counted } from '../report/summary.js';
import { specFindings } from '../spec-findings.js';

interface LintFlags {
  readonly spec?: readonly NamedOverlay[];
  readonly overlay?: readonly NamedOverlay[];
  readonly effective?: true;
  readonly to?: string;
  readonly config?: string;
  readonly json?: true;
}

export function addLint(command: Command, console: Console, finish: (code: number) => void): void {
  command
    .argument('[files...]', 'JSON files, each says itself what it is, and customer-sync.yaml')
    .addOption(
      new Option(
        '--overlay <provider=file>',
        'an overlay; may be given several times, each laid over those before',
      ).argParser(addOverlay),
    )
    .addOption(new Option('--effective', 'print the mapping as the overlays make it, and where each rule stands'))
    .option('--to <name>', 'with --effective: the connection, or the provider, whose mapping it is')
    .option('--config <file>', 'with --effective: the configuration (default: customer-sync.yaml, where there is one)')
    .addOption(
      new Option(
        '--spec <provider=file>',
        "the provider's own OpenAPI description, to hold its mapping against; may be given several times",
      ).argParser(addOverlay),
    )
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExit codes: 0 nothing found, 1 findings, 2 wrong usage.')
    .action(async (files: readonly string[], flags: LintFlags) => {
      checkFlags(files, flags);
      if (flags.effective === true) await printEffective(console, flags);
      else finish(await printFindings(console, files, flags));
    });
}

/** What one of the two uses does not look at must not seem to have been checked. */
function checkFlags(files: readonly string[], { effective, to, config, spec }: LintFlags): void {
  const isEffective = effective === true;
  const unused = isEffective
    ? ([
        ['files', files[0]],
        ['--spec', spec],
      ] as const)
    : ([
        ['--to', to],
        ['--config', config],
      ] as const);
  const [name] = unused.find(([, value]) => value !== undefined) ?? [];
  if (name === undefined) return;
  throw new CustomerSyncError('config', {
    message: `lint has no use for ${name} ${isEffective ? 'with' : 'without'} --effective`,
    remedy: isEffective
      ? 'It prints the mapping of --to; check files and descriptions with a lint of their own.'
      : 'Name the files to check, customer-sync.yaml among them, or add --effective.',
  });
}

async function printFindings(
  console: Console,
  files: readonly string[],
  { overlay = [], spec = [], json }: LintFlags,
): Promise<number> {
  const { stdout } = console;
  const configurations = files.filter((file) => /\.ya?ml$/i.test(file));
  const loaded = configurations.map((file) => readConfiguration(file, definitions));
  const connections = loaded.flatMap((configuration) =>
    Object.values(configuration.settings.connections ?? {}).map((one) => connectionOverlays(configuration, one)),
  );
  for (const { provider } of overlay) providerNamed(provider);
  const given = files.filter((file) => !configurations.includes(file));
  const places = new Set(given.map((file) => resolve(file)));
  const ofSources = loaded.flatMap(sourceMappingFiles).filter((file) => !places.has(resolve(file)));
  const named = [
    ...[...given, ...ofSources].map((file): MappingText => ({ file, text: readMappingFile(file) })),
    ...overlay.map(({ provider, file }): MappingText => ({ file, text: readMappingFile(file), provider })),
  ];
  const isNamed = named.length > 0 || configurations.length > 0;
  const texts = isNamed ? named : builtInProviders.map(shippedMapping);
  const providers = lintProviders();
  const findings = [
    ...[texts, ...connections].flatMap((layers) => lintTexts(layers, providers)),
    ...(await specFindings(console, spec)),
  ];
  const checked = [...texts, ...connections.flat(), ...configurations.map((file) => ({ file }))];
  await writeText(
    stdout,
    json
      ? `${JSON.stringify({ findings }, null, 2)}\n`
      : findingsText(findings, counted(checked.length, isNamed ? 'file' : 'shipped mapping'), stdout),
  );
  return findings.length === 0 ? exitCode.done : exitCode.someFailed;
}

/** @throws CustomerSyncError for overlays that cannot be used; `lint` without --effective says all that is wrong. */
async function printEffective({ stdout }: Console, { to, overlay = [], config, json }: LintFlags): Promise<void> {
  if (to === undefined) {
    throw new CustomerSyncError('config', {
      message: '--effective needs --to',
      remedy: 'Name the connection or the provider: --effective --to lago.',
    });
  }
  const { effective } = openMapping(to, { overlays: overlay, config });
  await writeText(stdout, json ? `${JSON.stringify(effective, null, 2)}\n` : effectiveText(effective));
}
