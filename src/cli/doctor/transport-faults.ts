type Explanation = readonly [what: string, remedy: string];

const lookUp = 'Check the base URL, and that this machine can look up names.';
const reach = 'Check the base URL, the network, and firewalls on the way. Proxies of the environment are not used.';
const trust = 'If the server is yours, name its certificate authority: NODE_EXTRA_CA_CERTS=/path/to/ca.pem.';

/** Why nothing came back, by the codes of Node: https://nodejs.org/api/errors.html, https://nodejs.org/api/tls.html */
const explanations: Readonly<Record<string, Explanation>> = {
  ENOTFOUND: ['the host is not known', lookUp],
  EAI_AGAIN: ['the host cannot be looked up now', lookUp],
  ECONNREFUSED: ['nothing answers there', reach],
  EHOSTUNREACH: ['the host cannot be reached', reach],
  ENETUNREACH: ['the network cannot be reached', reach],
  ECONNRESET: ['the connection is broken off', reach],
  'connect timeout': ['no connection comes about', reach],
  timeout: ['no answer comes in time', reach],
  CERT_HAS_EXPIRED: ['TLS fails: the certificate has expired', 'Whoever runs the server has to renew it.'],
  CERT_NOT_YET_VALID: [
    'TLS fails: the certificate is not valid yet',
    'Check the clock of this machine; else whoever runs the server has to mend it.',
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'TLS fails: the certificate is for another host',
    'Correct the host of the base URL to a name that is in the certificate.',
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['TLS fails: nobody whom this machine trusts signed the certificate', trust],
  SELF_SIGNED_CERT_IN_CHAIN: ['TLS fails: nobody whom this machine trusts signed the certificate', trust],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['TLS fails: a certificate of the chain is missing', trust],
  UNABLE_TO_GET_ISSUER_CERT: ['TLS fails: a certificate of the chain is missing', trust],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['TLS fails: a certificate of the chain is missing', trust],
};

/** What a request without an answer means, and what to do; `undefined` for a reason that nobody has seen. */
export function explainTransport(reason: string): Explanation | undefined {
  const known = explanations[reason];
  if (known !== undefined) return known;
  if (!/^(?:EPROTO|ERR_SSL_|ERR_TLS_|CERT_)/.test(reason)) return undefined;
  return [`TLS fails (${reason})`, 'Check that the address speaks https, and nothing on the way takes it apart.'];
}
