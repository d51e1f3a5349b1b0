import { ACCOUNT, type FlexpriceRecord, timestamp, USER_ID, ulid } from './record.js';

export interface IntegrationLink {
  readonly provider_type: string;
  readonly provider_entity_id: string;
}

/** The links to other systems' customers, which the API makes by POST /v1/integrations/link and never with a customer. */
export interface Integrations {
  link(customerId: string, link: IntegrationLink): void;
  /** The customer with its links; without any the key is left out (`omitempty`). */
  readonly expand: (record: FlexpriceRecord) => object;
  clear(): void;
}

export interface IntegrationsParts {
  readonly nextNumber: () => number;
  readonly now: () => number;
}

export function createIntegrations({ nextNumber, now }: IntegrationsParts): Integrations {
  const mappings = new Map<string, object[]>();
  return {
    link(customerId, link) {
      const time = now();
      const mapping = {
        id: `eim_${ulid(time, nextNumber())}`,
        entity_id: customerId,
        entity_type: 'customer',
        ...link,
        ...ACCOUNT,
        status: 'published',
        created_at: timestamp(time),
        updated_at: timestamp(time),
        created_by: USER_ID,
        updated_by: USER_ID,
      };
      mappings.set(customerId, [...(mappings.get(customerId) ?? []), mapping]);
    },
    expand(record) {
      const integrations = mappings.get(record.id);
      return integrations === undefined ? record : { ...record, integrations };
    },
    clear: () => mappings.clear(),
  };
}
