import { describe } from 'vitest';
import { SUBJECTS } from '../core/upsert/flow.js';
import { checkJobModel, checkMirrorModel, checkModel } from './model-run.js';

describe.each(SUBJECTS)('$id', (subject) => {
  checkModel(subject, { sequences: 2_000, maxCommands: 30 });
  checkJobModel(subject, { sequences: 300, maxCommands: 15 });
  if (subject.provider.connector.archive !== undefined) checkMirrorModel(subject, { sequences: 300, maxCommands: 15 });
});
