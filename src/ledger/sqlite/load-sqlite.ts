import process from 'node:process';

type Sqlite = typeof import('node:sqlite');

let loaded: Sqlite | undefined;

/**
 * Node's own SQLite. Older versions of Node that we run on warn that it is experimental, once, when it is loaded; users
 * cannot do anything about it, so that one warning is held back, and no other.
 */
export function loadSqlite(): Sqlite {
  loaded ??= withoutWarning(() => process.getBuiltinModule('node:sqlite'));
  return loaded;
}

export function withoutWarning<T>(load: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).startsWith('SQLite is an experimental feature')) {
      Reflect.apply(emitWarning, process, [warning, ...rest]);
    }
  };
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}
