import { builtInProviders } from '../../integrations/registry.js';
import { writeCopies } from './make-copy.js';

// Run by `npm run build`, from the repository's root.
await writeCopies(
  process.cwd(),
  builtInProviders.map(({ definition }) => definition.id),
);
