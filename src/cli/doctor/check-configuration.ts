import type { LoadedConfiguration } from '../../config/read-configuration.js';
import type { MappingText } from '../../lint/lint-text.js';
import { lintTexts } from '../../lint/lint-texts.js';
import { readMappingFile } from '../../lint/read-file.js';
import { connectionOverlays, lintProviders, sourceMappingFiles } from '../mapping-files.js';
import { type Check, checking } from './check.js';

/** What a configuration has, once it was read. */
export function configurationCheck({ file, settings }: LoadedConfiguration): Check {
  const { sources = {}, connections = {}, jobs = {} } = settings;
  const subject = { about: 'configuration' } as const;
  const message = `${file}: ${[
    counted(sources, 'source'),
    counted(connections, 'connection'),
    counted(jobs, 'job'),
  ].join(', ')}`;
  return Object.keys(jobs).length > 0
    ? { ...subject, status: 'ok', message }
    : { ...subject, status: 'warn', message, remedy: 'Nothing runs without a job: docs/configuration.md, "Jobs".' };
}

/** Every mapping and overlay that the configuration names. */
export async function checkMappings(configuration: LoadedConfiguration): Promise<Check[]> {
  const { settings } = configuration;
  const ofSources = sourceMappingFiles(configuration).map((file) =>
    lintCheck(file, () => [{ file, text: readMappingFile(file) }]),
  );
  const ofConnections = Object.entries(settings.connections ?? {}).flatMap(([name, connection]) =>
    connection.overlay === undefined
      ? []
      : [lintCheck(`overlays of ${name}`, () => connectionOverlays(configuration, connection))],
  );
  return (await Promise.all([...ofSources, ...ofConnections])).flat();
}

function lintCheck(name: string, read: () => MappingText[]): Promise<Check[]> {
  const subject = { about: 'mapping', name } as const;
  return checking(subject, () => {
    const texts = read();
    const [first, ...others] = lintTexts(texts, lintProviders());
    if (first === undefined) return [{ ...subject, status: 'ok', message: 'nothing found by lint' }];
    const { file, line, message, remedy, code } = first;
    const place = line === undefined ? file : `${file}:${line}`;
    const more = others.length === 0 ? '' : `; and ${others.length} more, which "customer-sync lint" lists`;
    return [{ ...subject, status: 'fail', message: `${place}: ${message}${more}`, remedy, code }];
  });
}

function counted(named: object, noun: string): string {
  const count = Object.keys(named).length;
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
