/** Who of our customers stands for what at one provider, within one run. */
export interface Claims {
  /** Takes `key` for a customer. Answers the id of the customer that has it already, if that is another one. */
  claim(key: string, customerId: string): string | undefined;
}

export function createClaims(): Claims {
  const holders = new Map<string, string>();
  return {
    claim(key, customerId) {
      const holder = holders.get(key);
      if (holder === undefined) holders.set(key, customerId);
      return holder === customerId ? undefined : holder;
    },
  };
}
