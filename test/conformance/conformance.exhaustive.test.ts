import { describe } from 'vitest';
import { SUBJECTS } from '../core/upsert/flow.js';
import { conform } from './conform.js';

describe.each(SUBJECTS)('$id', ({ id }) => {
  conform(id, true);
});
