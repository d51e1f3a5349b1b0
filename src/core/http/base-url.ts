import type { ProviderDefinition } from '../../../schemas/definition.js';

/**
 * An address in the form by which two of them are compared: a slash at its end, a port that goes without saying and
 * capitals in the host's name lead nowhere else. What is no plain web address stays as it is.
 */
export function normalBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url === undefined || !isWeb || url.username !== '' || url.password !== '' || /[?#]/.test(text)) return text;
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

/** Where a provider is asked. @param given by settings or the environment: a URL, or a short name of the provider's. */
export function baseUrlOf({ api }: Pick<ProviderDefinition, 'api'>, given: string | undefined): string {
  if (given === undefined || given === '') return api.base_url;
  return api.other_base_urls?.[given] ?? given;
}
