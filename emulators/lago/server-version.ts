/** What differs between Lago servers that are in use. */
export interface ServerVersion {
  /** The list takes `external_id` as a filter; an older server ignores it and answers with everybody. */
  readonly filtersByExternalId: boolean;
  /** The currency may change although the customer has billing objects. */
  readonly changesCurrencyAlways: boolean;
  /** The billing entity may change although the customer has billing objects. */
  readonly changesBillingEntityAlways: boolean;
  /** NUL bytes are stripped from every text; an older server strips them from addresses and fails on the rest. */
  readonly stripsNulBytes: boolean;
  readonly nameLimit: number;
  /** The part of an e-mail address before the @ may hold letters beyond ASCII. */
  readonly acceptsUnicodeLocalParts: boolean;
  /** Integration links show `code`, `is_default` and `category`. */
  readonly showsConnectionCodes: boolean;
}

const release151: ServerVersion = {
  filtersByExternalId: true,
  changesCurrencyAlways: false,
  changesBillingEntityAlways: false,
  stripsNulBytes: true,
  nameLimit: 255,
  acceptsUnicodeLocalParts: false,
  showsConnectionCodes: false,
};

/** By the release that introduced each; `head` is lago-api 1b1c24a6a, which is a little ahead of 1.51. */
export const serverVersions = {
  head: {
    ...release151,
    changesCurrencyAlways: true,
    changesBillingEntityAlways: true,
    acceptsUnicodeLocalParts: true,
    showsConnectionCodes: true,
  },
  '1.51': release151,
  '1.48': {
    ...release151,
    filtersByExternalId: false,
    stripsNulBytes: false,
    nameLimit: Number.POSITIVE_INFINITY,
  },
} satisfies Record<string, ServerVersion>;

export type LagoVersion = keyof typeof serverVersions;
