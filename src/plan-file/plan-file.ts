import { timingSafeEqual } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import type { JobPlan } from '../../schemas/outcome.js';
import { type PlanFile, planFileFormat, planFileSchema } from '../../schemas/plan-file.js';
import { CustomerSyncError } from '../core/errors.js';
import type { Fingerprints } from '../ledger/fingerprints.js';
import { canonical } from '../ledger/fingerprints.js';
import { errorCode } from '../sources/file-error.js';
import { writePrivateFile } from './private-file.js';

export type PlanContent = Omit<PlanFile, 'format' | 'mac' | 'created_at' | 'expires_at'>;

const lifetimeMs = 24 * 3_600_000;

/** Writes a plan that only its owner can read, and that only whoever has the ledger's key can change. */
export function writePlanFile(path: string, content: PlanContent, fingerprints: Fingerprints, now: number): void {
  const body = {
    format: planFileFormat,
    created_at: new Date(now).toISOString(),
    expires_at: new Date(now + lifetimeMs).toISOString(),
    ...content,
  } as const;
  const text = `${JSON.stringify({ ...body, mac: macOf(body, fingerprints) }, null, 2)}\n`;
  try {
    writePrivateFile(path, text);
  } catch (error) {
    throw planError(
      `${path}: the plan cannot be written (${errorCode(error)})`,
      'Name a file in a folder that may be written to.',
    );
  }
}

/** Of any version, and however its spaces were rewritten: what is wrong with it is said by whoever reads it. */
const planStart = /^\s*\{\s*"format"\s*:\s*"customer-sync plan /;

/** Whether a file is one of ours, and not a list of customers, of which only the beginning is read. */
export function isPlanFile(path: string): boolean {
  let file: number | undefined;
  try {
    // Of a pipe, what is looked at is gone.
    if (!statSync(path).isFile()) return false;
    file = openSync(path, 'r');
    const start = Buffer.alloc(200);
    return planStart.test(start.toString('latin1', 0, readSync(file, start)));
  } catch {
    return false;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

interface ReadOptions {
  readonly fingerprints: Fingerprints;
  readonly now: number;
  /** A plan that is to be taken back may be old. */
  readonly mayBeOld: boolean;
}

/** @throws CustomerSyncError `config` for a plan that is not whole, was changed, or is too old. */
export function readPlanFile(path: string, { fingerprints, now, mayBeOld }: ReadOptions): PlanFile {
  const parsed = planFileSchema.safeParse(readJson(path));
  if (!parsed.success) throw planError(`${path} is not a plan, or not a whole one`, again);
  const { mac, ...body } = parsed.data;
  const expected = Buffer.from(macOf(body, fingerprints));
  const given = Buffer.from(mac);
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw planError(`${path} was changed since it was made, or made with the key of another ledger`, again);
  if (!mayBeOld && now > Date.parse(body.expires_at))
    throw planError(`${path} has expired: it was made at ${body.created_at} and holds for 24 hours`, again);
  return parsed.data;
}

const again = 'Make the plan again: customer-sync dry-run --job <job> --out <file>.';

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw planError(`${path}: cannot be read (${errorCode(error)})`, 'Check the path.');
  }
}

function macOf(body: Omit<PlanFile, 'mac'>, fingerprints: Fingerprints): string {
  return fingerprints.name(`plan file ${canonical(body)}`);
}

/** Whether two plans send the same over the same: values on both sides, and the record that they go to. */
export function isSamePlan(one: JobPlan, other: JobPlan): boolean {
  const text = ({ action, provider_id: providerId, changes, payload }: JobPlan) =>
    canonical([action, providerId, changes.toSorted((a, b) => (a.target < b.target ? -1 : 1)), payload]);
  return text(one) === text(other);
}

export function planError(message: string, remedy: string): CustomerSyncError {
  return new CustomerSyncError('config', { message, remedy });
}
