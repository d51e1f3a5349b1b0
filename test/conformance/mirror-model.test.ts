import { describe } from 'vitest';
import { SUBJECTS } from '../core/upsert/flow.js';
import { checkMirrorModel } from './model-run.js';

describe.each(SUBJECTS.filter(({ provider }) => provider.connector.archive !== undefined))('$id', (subject) => {
  checkMirrorModel(subject, { sequences: 25, maxCommands: 12 });
});
