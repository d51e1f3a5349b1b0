import type { Scalar } from './parameters.js';
import { internalServerError } from './refusal.js';

/** A value as a string column takes it. Booleans become `t` and `f`. */
export function castText(value: Scalar): string | null {
  if (value === null) return null;
  if (typeof value === 'boolean') return value ? 't' : 'f';
  return String(value);
}

export function castBoolean(value: Scalar | undefined): boolean {
  const text = castText(value ?? null) ?? '';
  return !['', '0', 'f', 'F', 'false', 'FALSE', 'off', 'OFF'].includes(text);
}

/** A value as an integer column takes it; NaN stands for what is not a number, and never gets past validation. */
export function castInteger(value: Scalar): number | null {
  if (value === null || isBlank(value)) return null;
  return typeof value === 'boolean' ? Number.NaN : Math.trunc(Number(value));
}

/** Rails' `blank?` of a single value. */
export function isBlank(value: Scalar | undefined): boolean {
  if (typeof value === 'string') return value.trim() === '';
  return value === undefined || value === null || value === false;
}

/** Rails' `presence`: a blank text counts as null. */
export function castFilledText(value: Scalar): string | null {
  return isBlank(value) ? null : castText(value);
}

/** What Ruby takes for true: everything but nil and false. */
export function isTruthy(value: Scalar | undefined): boolean {
  return value !== undefined && value !== null && value !== false;
}

export function stripNulBytes(text: string | null): string | null {
  return text?.replaceAll('\0', '') ?? null;
}

/** PostgreSQL cannot store a NUL byte, and the server lets that failure through. */
export function refuseNulBytes(text: string | null): string | null {
  if (text?.includes('\0')) throw internalServerError();
  return text;
}
