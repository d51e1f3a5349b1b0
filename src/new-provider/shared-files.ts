import { copiedFunctions } from '../nango-project/copied-functions.js';
import type { Addition } from './additions.js';

/**
 * What a provider adds to files that all of them share.
 * @param entryTemplate the text of a template of `templates/entries`.
 */
export function sharedFiles(entryTemplate: (name: string) => string): readonly Addition[] {
  return [
    {
      path: 'integrations/registry.ts',
      imports: ["import { {{variable}} } from './{{id}}/connector.js';"],
      entry: { after: 'builtInProviders: readonly Provider[] = [', before: '];', text: '{{variable}}' },
    },
    {
      path: 'integrations/index.ts',
      lines: copiedFunctions.map((file) => `import './{{id}}/${file.replace(/ts$/, 'js')}';`),
    },
    {
      path: 'integrations/catalogue.ts',
      imports: ["import { {{variable}}Response } from '../providers/{{id}}/wire.js';"],
      entry: {
        after: 'const namedSchemas = {',
        before: '\n  BillingCustomer:',
        text: '  {{Type}}Customer: {{variable}}Response,',
      },
    },
    {
      path: 'test/core/upsert/flow.ts',
      imports: [
        "import { startEmulator as start{{Type}} } from '../../../emulators/{{id}}.js';",
        "import { {{variable}} } from '../../../integrations/{{id}}/connector.js';",
      ],
      entry: { after: 'export const SUBJECTS', before: '\n];', text: entryTemplate('subject') },
    },
    {
      path: 'test/conformance/accounts.ts',
      entry: { after: 'export const ACCOUNTS', before: '\n};', text: entryTemplate('account') },
    },
    {
      path: 'test/nango/providers-under-test.ts',
      imports: [
        "import {{variable}}Plan from '../../integrations/{{id}}/actions/plan-customers.js';",
        "import {{variable}}Upsert from '../../integrations/{{id}}/actions/upsert-customers.js';",
        "import {{variable}}Batch from '../../integrations/{{id}}/actions/upsert-customers-batch.js';",
        "import { {{variable}} } from '../../integrations/{{id}}/connector.js';",
        "import {{variable}}Pull from '../../integrations/{{id}}/syncs/customers.js';",
      ],
      entry: { after: 'export const providersUnderTest = {', before: '\n};', text: entryTemplate('nango-subject') },
    },
    {
      path: 'test/providers/operations.test.ts',
      entry: { after: 'const answers: ', before: '\n};', text: entryTemplate('operations') },
    },
    {
      path: 'test/providers/provider-fields-arbitrary.ts',
      entry: { after: 'export const providerFieldsArbitraries', before: '\n};', text: entryTemplate('own-fields') },
    },
    {
      path: 'test/core/mapping/stored-records.ts',
      entry: { after: 'export const storedAfterCreate', before: '\n};', text: entryTemplate('stored-record') },
    },
  ];
}
