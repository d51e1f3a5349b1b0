import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CustomerSyncError } from '../core/errors.js';
import { fileError, missingFileError } from './file-error.js';

/** What stdin is to a source; `process.stdin` fits. */
export type Input = AsyncIterable<Uint8Array | string>;

/** The unpacked bytes of a file, of a pipe or of stdin. */
export interface ByteSource {
  readonly name: string;
  /** Absent for what can be read only once. */
  readonly path: string | undefined;
  /** The beginning, by which format and encoding are told. */
  readonly sample: Buffer;
  /** Whether the sample is all there is. */
  readonly sampleIsWhole: boolean;
  /** Reads from the start. Once only where there is no path. */
  open(): AsyncIterable<Buffer>;
}

/** By so much of a source its format and encoding are decided. */
const sampleBytes = 65_536;
/** The longest byte order mark. */
const markBytes = 3;

/**
 * @param inLines lines need no sample, and a program that prints them slowly on stdin should not have to fill one before
 * the first is read.
 */
export async function openBytes(path: string, stdin: Input, inLines: boolean): Promise<ByteSource> {
  const atLeast = inLines ? markBytes : sampleBytes;
  if (path === '-') return openStream('stdin', stdin, atLeast);
  return (await isPipe(path)) ? openStream(path, createReadStream(path), atLeast) : openFile(path);
}

/** As a shell makes one of `<(program)`. What it gives is gone once it is read. */
async function isPipe(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFIFO() === true;
}

async function openFile(path: string): Promise<ByteSource> {
  const name = basename(path);
  const open = () => named(name, unpack(createReadStream(path)));
  try {
    const { chunks, done, iterator } = await readSample(unpack(createReadStream(path)), sampleBytes);
    await iterator.return?.();
    return { name, path, ...sampleOf(chunks, done), open };
  } catch (error) {
    throw missingFileError(
      { path, remedy: 'Check the path. On the command line, "-" in its place reads from stdin.' },
      error,
    );
  }
}

async function openStream(name: string, stream: Input, atLeast: number): Promise<ByteSource> {
  const { chunks, done, iterator } = await readSample(named(name, unpack(stream)), atLeast);
  let taken = false;
  return {
    name,
    path: undefined,
    ...sampleOf(chunks, done),
    open() {
      if (taken) {
        throw new CustomerSyncError('config', {
          message: `${name} can be read only once`,
          remedy: 'Write it to a file and name the file.',
        });
      }
      taken = true;
      return replay(chunks, iterator);
    },
  };
}

/** Cut to its size, so that the same source is read in the same way whatever the size of its blocks. */
function sampleOf(chunks: readonly Buffer[], done: boolean): Pick<ByteSource, 'sample' | 'sampleIsWhole'> {
  const bytes = Buffer.concat(chunks);
  return { sample: bytes.subarray(0, sampleBytes), sampleIsWhole: done && bytes.length <= sampleBytes };
}

async function readSample(bytes: AsyncIterable<Buffer>, atLeast: number) {
  const iterator = bytes[Symbol.asyncIterator]();
  const chunks: Buffer[] = [];
  for (let length = 0; length < atLeast; length += chunks.at(-1)?.length ?? 0) {
    const { value, done } = await iterator.next();
    if (done) return { chunks, done: true, iterator };
    chunks.push(value);
  }
  return { chunks, done: false, iterator };
}

async function* replay<Chunk>(chunks: readonly Chunk[], rest: AsyncIterator<Chunk>): AsyncGenerator<Chunk> {
  try {
    yield* chunks;
    yield* { [Symbol.asyncIterator]: () => rest };
  } finally {
    // A reader that stops among the first chunks would otherwise leave the file open.
    await rest.return?.();
  }
}

async function* named(name: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* bytes;
  } catch (error) {
    throw fileError(name, error);
  }
}

/** Packed input is known by its first two bytes, since stdin has no name that could end in `.gz`. */
async function* unpack(input: Input): AsyncGenerator<Buffer> {
  const { chunks, iterator } = await readSample(asBuffers(input), 2);
  const start = Buffer.concat(chunks);
  const whole = replay([start], iterator);
  if (start[0] !== 0x1f || start[1] !== 0x8b) return yield* whole;
  const unpacked = createGunzip();
  // An error reaches whoever reads `unpacked`, so there is nothing left to do when the pipeline ends.
  pipeline(Readable.from(whole), unpacked, () => undefined);
  yield* unpacked;
}

async function* asBuffers(input: Input): AsyncGenerator<Buffer> {
  for await (const chunk of input) {
    if (chunk.length > 0)
      yield typeof chunk === 'string'
        ? Buffer.from(chunk)
        : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
}
