/** Stands for the connection's key in a header template. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: Nango's own notation.
export const apiKeyPlaceholder = '${apiKey}';

/** What Nango knows of a provider's API: where it is and how the key is sent. */
export interface Integration {
  readonly uniqueKey: string;
  readonly baseUrl: string;
  /** The header that carries the key, which stands as `apiKeyPlaceholder` in the template. */
  readonly header: { readonly name: string; readonly valueTemplate: string };
  /** The entry of Nango's catalogue. */
  readonly provider: string;
}

/** An integration without its key, as given to the emulator. */
export type IntegrationOptions = Pick<Integration, 'baseUrl' | 'header'> & Partial<Pick<Integration, 'provider'>>;

export function toIntegrations(options: Readonly<Record<string, IntegrationOptions>>): Map<string, Integration> {
  return new Map(
    Object.entries(options).map(([uniqueKey, integration]) => [
      uniqueKey,
      { provider: 'private-api-generic', ...integration, uniqueKey },
    ]),
  );
}
