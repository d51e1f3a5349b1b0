const ownMachine = ['127.0.0.1', '[::1]', 'localhost'];

/** Whether what is sent there cannot be read on the way: https, or plain http that does not leave this machine. */
export function isSecureUrl({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && ownMachine.includes(hostname));
}
