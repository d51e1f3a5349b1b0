import { describe } from 'vitest';
import { SUBJECTS } from '../core/upsert/flow.js';
import { checkJobModel } from './model-run.js';

describe.each(SUBJECTS)('$id', (subject) => {
  checkJobModel(subject, { sequences: 15, maxCommands: 10 });
});
