import { createSync } from 'nango';
import * as z from 'zod';

/** HubSpot's search answers no more than 100 contacts at once and 10,000 in all. */
const pageSize = 100;
const lastPageStart = 9_900;

/** A contact shows up in HubSpot's search some seconds after its change, so the last minute is read again. */
const overlapMs = 60_000;

const text = z.string().nullish();
const contactSchema = z.object({
  id: z.string(),
  properties: z.object({ email: text, firstname: text, lastname: text, phone: text, lastmodifieddate: z.string() }),
});
const pageSchema = z.object({
  results: z.array(contactSchema),
  paging: z.object({ next: z.object({ after: z.string() }) }).nullish(),
});

/** What is read here of the answer of `upsert-customers-batch`. */
const answerSchema = z.object({
  results: z.array(
    z.object({
      status: z.string(),
      provider_id: z.string().optional(),
      error: z.object({ message: z.string(), remedy: z.string() }).optional(),
    }),
  ),
});

/** To be tried again. What is `invalid`, `rejected` or a `conflict` waits for somebody to correct it. */
const unfinished = ['failed', 'uncertain', 'not_attempted'];

/** Metadata of the HubSpot connection: which connection of which integration its contacts go to. */
const metadataSchema = z.object({ billing: z.object({ integration: z.string(), connection_id: z.string() }) });

const sync = createSync({
  description: 'Create and update a customer in Lago for every HubSpot contact that has changed',
  version: '1.0.0',
  frequency: 'every 5 minutes',
  autoStart: false,
  scopes: ['crm.objects.contacts.read'],
  metadata: metadataSchema,
  models: {
    BillingReceipt: z.object({
      id: z.string(),
      customer_id: z.string(),
      status: z.string(),
      provider_id: z.string().optional(),
      error: z.string().optional(),
    }),
  },
  checkpoint: z.object({ modified_since: z.string() }),

  exec: async (nango) => {
    const { billing } = metadataSchema.parse(await nango.getMetadata());
    const checkpoint = await nango.getCheckpoint();
    const since = Date.parse(checkpoint?.modified_since ?? '1970-01-01T00:00:00Z') - overlapMs;
    let after: string | undefined;
    do {
      const response = await nango.post({
        // https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/search/post-crm-v3-objects-contacts-search
        endpoint: '/crm/v3/objects/contacts/search',
        data: {
          filterGroups: [{ filters: [{ propertyName: 'lastmodifieddate', operator: 'GTE', value: String(since) }] }],
          sorts: [{ propertyName: 'lastmodifieddate', direction: 'ASCENDING' }],
          properties: ['email', 'firstname', 'lastname', 'phone', 'lastmodifieddate'],
          limit: pageSize,
          ...(after !== undefined && { after }),
        },
        retries: 3,
      });
      const { results: contacts, paging } = pageSchema.parse(response.data);
      const last = contacts.at(-1);
      if (last === undefined) return;

      // Sent again after a failure: the action finds whom it has written before, and writes only what differs.
      const answer = answerSchema.parse(
        await nango.triggerAction(billing.integration, billing.connection_id, 'upsert-customers-batch', {
          customers: contacts.map(customerOf),
        }),
      );
      const receipts = contacts.map((contact, index) => receiptOf(contact, answer.results[index]));
      await nango.batchSave(receipts, 'BillingReceipt');
      if (receipts.some(({ status }) => unfinished.includes(status))) {
        await nango.log('Some contacts were not written; the next execution begins with them', { level: 'warn' });
        return;
      }
      await nango.saveCheckpoint({ modified_since: last.properties.lastmodifieddate });
      after = paging?.next.after;
    } while (after !== undefined && Number(after) <= lastPageStart);
  },
});

export type NangoSyncLocal = Parameters<(typeof sync)['exec']>[0];
export default sync;

type Contact = z.infer<typeof contactSchema>;
type Result = z.infer<typeof answerSchema>['results'][number];

/** A field that is left out is left alone in Lago; `null` would clear it. */
function customerOf(contact: Contact) {
  const { email, firstname, lastname, phone, lastmodifieddate } = contact.properties;
  const name = [firstname, lastname].filter(Boolean).join(' ');
  return {
    id: customerId(contact),
    ...(email && { email }),
    ...(name !== '' && { name }),
    ...(firstname && { first_name: firstname }),
    ...(lastname && { last_name: lastname }),
    // Only numbers that are complete already; the rest is a person's work.
    ...(phone && /^\+[1-9]\d{1,14}$/.test(phone) && { phone }),
    updated_at: lastmodifieddate,
  };
}

function customerId({ id }: Contact): string {
  return `hubspot-${id}`;
}

function receiptOf(contact: Contact, result: Result | undefined) {
  const { status = 'not_attempted', provider_id, error } = result ?? {};
  return {
    id: contact.id,
    customer_id: customerId(contact),
    status,
    ...(provider_id !== undefined && { provider_id }),
    ...(error !== undefined && { error: `${error.message}. ${error.remedy}` }),
  };
}
