import type { SourceSettingsOf } from '../../../schemas/configuration.js';
import type { JobSource } from '../../jobs/job.js';
import type { SourceRow } from '../../runner/row.js';
import { parseDuration } from '../../schedule/duration.js';
import type { Normalise } from '../customer-source.js';
import { openJsonl } from '../json/open-jsonl.js';
import type { CompiledSourceMapping } from '../mapping/compile-source-mapping.js';
import { runCommand } from './run-command.js';

interface CommandSourceParts {
  readonly name: string;
  readonly settings: SourceSettingsOf<'command'>;
  readonly directory: string;
  /** Of this program: the command sees PATH and HOME of it, and what the settings give it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly sourceMapping: CompiledSourceMapping | undefined;
  readonly normalise: Normalise | undefined;
  readonly version: string;
}

const defaultTimeoutMs = 600_000;

/** Customers from a program that prints one JSON object a line. It is run anew for each reading. */
export function openCommand(parts: CommandSourceParts): JobSource {
  const { name, settings, directory, env, sourceMapping, normalise, version } = parts;
  const { by_ids: byIds, complete = true } = settings;
  const given = settings.env ?? {};
  const inherited = Object.fromEntries(
    ['PATH', 'HOME', 'LANG', 'TZ', 'SystemRoot'].flatMap((key) => (env[key] === undefined ? [] : [[key, env[key]]])),
  );
  const rowsOf = (command: readonly string[], input: string): AsyncIterable<SourceRow> => {
    const open = () =>
      runCommand({
        name,
        command,
        directory,
        input,
        env: { ...inherited, ...given },
        timeoutMs: parseDuration(settings.timeout ?? '') ?? defaultTimeoutMs,
        secrets: Object.values(given),
      });
    const bytes = { name, path: undefined, sample: Buffer.alloc(0), sampleIsWhole: false, open };
    return openJsonl(bytes, 'utf-8', { sourceMapping, normalise: undefined })();
  };
  return {
    name,
    version,
    complete,
    ...(normalise !== undefined && { normalise }),
    rows: () => rowsOf(settings.command, ''),
    ...(byIds !== undefined && { byIds: (ids: readonly string[]) => rowsOf(byIds, `${ids.join('\n')}\n`) }),
  };
}
