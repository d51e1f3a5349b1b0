import { CustomerSyncError } from '../errors.js';

/** A pattern for what `encodeSegment` writes. */
export const encodedSegment = "(?:[\\w.!~*'()-]|%[0-9A-F]{2})+";

/** A path segment that no server or proxy on the way can take for two, or for a step up. */
export function encodeSegment(value: string): string {
  if (value === '' || hasStep(value) || !value.isWellFormed()) {
    throw new CustomerSyncError('invalid_customer', {
      message: 'the id is empty, is broken Unicode or has a part of dots only, which cannot stand in a URL',
      remedy: 'Give the customer another id.',
    });
  }
  return encodeURIComponent(value);
}

/** Whether a text read as a path holds `.` or `..`: some proxies decode a slash before they resolve these. */
export function hasStep(text: string): boolean {
  return text.split(/[/\\]/).some((part) => part === '.' || part === '..');
}
