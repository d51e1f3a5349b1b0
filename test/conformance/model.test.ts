import { describe } from 'vitest';
import { SUBJECTS } from '../core/upsert/flow.js';
import { checkModel } from './model-run.js';

describe.each(SUBJECTS)('$id', (subject) => {
  checkModel(subject, { sequences: 200, maxCommands: 10 });
});
