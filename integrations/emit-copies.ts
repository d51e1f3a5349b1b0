import { writeCopies } from '../src/nango-project/make-copy.js';
import { builtInProviders } from './registry.js';

// Run by `npm run build`, from the repository's root.
await writeCopies(
  process.cwd(),
  builtInProviders.map(({ definition }) => definition.id),
);
