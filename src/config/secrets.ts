import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { secretPlaces } from '../../schemas/configuration.js';
import { CustomerSyncError } from '../core/errors.js';
import { isObject } from '../core/mapping/path.js';
import { errorCode } from '../sources/file-error.js';

const reference = /^\$\{(env|file):([^{}]+)\}$/;

export type Environment = Readonly<Record<string, string | undefined>>;

export function isReference(value: string): boolean {
  return reference.test(value);
}

/** Whether a secret may stand at a path of the configuration. */
export function mayBeSecret(path: readonly PropertyKey[]): boolean {
  return secretPlaces.some((place) => {
    const keys = place.split('.');
    return keys.length === path.length && keys.every((key, index) => key === '*' || key === path[index]);
  });
}

/** What the places of a configuration that may hold a secret need besides the file itself. */
export interface SecretOptions {
  readonly env: Environment;
  /** What relative names of files are relative to. */
  readonly directory: string;
}

/**
 * A copy in which every `${env:NAME}` and `${file:/path}` is what it stands for.
 * @param place where `value` stands in the configuration, for messages: `connections.lago-eu`
 * @throws CustomerSyncError `config` for a variable that is not set and a file that cannot be read.
 */
export function resolveSecrets<Value>(value: Value, place: string, options: SecretOptions): Value;
export function resolveSecrets(value: unknown, place: string, options: SecretOptions): unknown {
  if (typeof value === 'string') return isReference(value) ? resolveOne(value, place, options) : value;
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, resolveSecrets(member, `${place}.${key}`, options)]),
  );
}

function resolveOne(written: string, place: string, { env, directory }: SecretOptions): string {
  const [, kind, name = ''] = reference.exec(written) ?? [];
  const found = kind === 'env' ? env[name] : readSecretFile(resolve(directory, name), place);
  // A mounted secret commonly ends in a line break that is not part of it.
  const secret = found?.replace(/\r?\n$/, '') ?? '';
  if (secret !== '') return secret;
  throw new CustomerSyncError('config', {
    message: kind === 'env' ? `${place}: the variable ${name} is not set` : `${place}: the file ${name} is empty`,
    remedy: kind === 'env' ? `Set ${name} in the environment of this program.` : 'Check what writes the secret there.',
  });
}

function readSecretFile(path: string, place: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CustomerSyncError('config', {
      message: `${place}: the file ${path} cannot be read (${errorCode(error)})`,
      remedy: 'Check the path, and that the user who runs this program may read it.',
    });
  }
}
