import { CustomerSyncError } from '../errors.js';

/** Whatever comes after a create that nobody answered, it may be there. */
export function inDoubt(name: string, error: CustomerSyncError): CustomerSyncError {
  if (error.code === 'uncertain') return error;
  return new CustomerSyncError('uncertain', {
    provider: error.details.provider,
    status: error.details.status,
    message: `${name} did not answer a create, which may be there, and then gave no answer of use (${error.code})`,
    remedy: 'Run again later; nothing is written twice.',
  });
}

/** Reading back shows that nothing was done. */
export function notApplied(name: string, { details }: CustomerSyncError): CustomerSyncError {
  return new CustomerSyncError('unavailable', {
    ...details,
    message: `${name} did not carry the write out; reading back shows the customer as it was`,
    remedy: 'Run again later; nothing is written twice.',
  });
}

/** A create that was refused since there was one before, and a look-up that does not see it. */
export function notShown(name: string): CustomerSyncError {
  return new CustomerSyncError('unavailable', {
    message: `${name} was asked to create this customer before, but its search does not show it yet`,
    remedy: `Run again in some minutes. Whoever was deleted at ${name} since then can be created again after a day.`,
  });
}

/** The provider contradicts itself, however often it is asked. */
export function unexplained(name: string, existed: boolean): CustomerSyncError {
  return new CustomerSyncError('conflict', {
    message: existed
      ? `${name} says that the customer exists, but does not find it`
      : `${name} finds the customer, but says on update that it does not exist`,
    remedy: 'Somebody may be creating and deleting it at the same time, or it is archived: look it up at the provider.',
  });
}
