import autumnPlan from '../../integrations/autumn/actions/plan-customers.js';
import autumnUpsert from '../../integrations/autumn/actions/upsert-customers.js';
import autumnBatch from '../../integrations/autumn/actions/upsert-customers-batch.js';
import { autumn } from '../../integrations/autumn/connector.js';
import autumnPull from '../../integrations/autumn/syncs/customers.js';
import flexpricePlan from '../../integrations/flexprice/actions/plan-customers.js';
import flexpriceUpsert from '../../integrations/flexprice/actions/upsert-customers.js';
import flexpriceBatch from '../../integrations/flexprice/actions/upsert-customers-batch.js';
import { flexprice } from '../../integrations/flexprice/connector.js';
import flexpricePull from '../../integrations/flexprice/syncs/customers.js';
import lagoPlan from '../../integrations/lago/actions/plan-customers.js';
import lagoUpsert from '../../integrations/lago/actions/upsert-customers.js';
import lagoBatch from '../../integrations/lago/actions/upsert-customers-batch.js';
import { lago } from '../../integrations/lago/connector.js';
import lagoPull from '../../integrations/lago/syncs/customers.js';
import rechargePlan from '../../integrations/recharge/actions/plan-customers.js';
import rechargeUpsert from '../../integrations/recharge/actions/upsert-customers.js';
import rechargeBatch from '../../integrations/recharge/actions/upsert-customers-batch.js';
import { recharge } from '../../integrations/recharge/connector.js';
import rechargePull from '../../integrations/recharge/syncs/customers.js';
import stripePlan from '../../integrations/stripe/actions/plan-customers.js';
import stripeUpsert from '../../integrations/stripe/actions/upsert-customers.js';
import stripeBatch from '../../integrations/stripe/actions/upsert-customers-batch.js';
import { stripe } from '../../integrations/stripe/connector.js';
import stripePull from '../../integrations/stripe/syncs/customers.js';

/** One customer, and what each provider holds of it and answers about it. */
export const customer = { id: 'u-1', email: 'jo@acme.example', name: 'Jo Doe', first_name: 'Jo', last_name: 'Doe' };

const rechargeRecord = {
  id: 82939898,
  email: 'jo@acme.example',
  first_name: 'Jo',
  last_name: 'Doe',
  phone: null,
  external_customer_id: { ecommerce: null },
  hash: '5c67cf72683ba786c29af7dc3948f0',
};
const lagoRecord = {
  lago_id: '1a901a90-1a90-1a90-1a90-1a901a901a90',
  external_id: 'u-1',
  name: 'Jo Doe',
  firstname: 'Jo',
  lastname: 'Doe',
  email: 'jo@acme.example',
  metadata: [],
};
const flexpriceRecord = {
  id: 'cust_01K3ABCDEF0123456789ABCDEF',
  external_id: 'u-1',
  name: 'Jo Doe',
  email: 'jo@acme.example',
  address_line1: '',
  metadata: null,
  status: 'published',
};
const autumnRecord = {
  id: 'u-1',
  name: 'Jo Doe',
  email: 'jo@acme.example',
  created_at: 1795217906535,
  metadata: {},
  env: 'sandbox',
};

const stripeRecord = {
  id: 'cus_QXg1o8vcGmoR32',
  object: 'customer',
  address: null,
  created: 1795217906,
  email: 'jo@acme.example',
  livemode: false,
  metadata: { customer_sync_id: 'u-1' },
  name: 'Jo Doe',
  phone: null,
  preferred_locales: [],
  shipping: null,
  tax_exempt: 'none',
};

const lagoPayload = {
  external_id: 'u-1',
  name: 'Jo Doe',
  firstname: 'Jo',
  lastname: 'Doe',
  email: 'jo@acme.example',
};
const flexpricePayload = {
  external_id: 'u-1',
  name: 'Jo Doe',
  email: 'jo@acme.example',
  skip_onboarding_workflow: true,
};
const autumnPayload = { customer_id: 'u-1', name: 'Jo Doe', email: 'jo@acme.example' };

const notFound = {
  flexprice: { code: 'not_found', message: 'Customer with lookup key u-1 was not found', http_status_code: 404 },
  autumn: { message: 'Customer u-1 not found', code: 'customer_not_found', env: 'sandbox' },
};

/** For each provider its scripts, and the requests of an upsert with their answers. */
export const providersUnderTest = {
  recharge: {
    provider: recharge,
    scripts: { upsert: rechargeUpsert, batch: rechargeBatch, plan: rechargePlan, pull: rechargePull },
    record: rechargeRecord,
    find: 'GET /customers?email=jo%40acme.example&limit=250',
    absent: { data: { customers: [] } },
    found: { data: { customers: [rechargeRecord] } },
    create: 'POST /customers',
    created: { status: 201, data: { customer: rechargeRecord } },
    sent: { email: 'jo@acme.example', first_name: 'Jo', last_name: 'Doe' },
    payload: { email: 'jo@acme.example', first_name: 'Jo', last_name: 'Doe' },
    headers: { accept: 'application/json', 'x-recharge-version': '2021-11' },
    providerId: '82939898',
    refusal: { status: 422, data: { errors: { email: 'Not a valid email address.' } } },
    refused: { code: 'rejected', status: 422, fields: [{ field: 'email', message: 'Not a valid email address.' }] },
    list: 'GET /customers?limit=250',
    page: { data: { customers: [rechargeRecord], next_cursor: null } },
    observed: { email: 'jo@acme.example', first_name: 'Jo', last_name: 'Doe' },
    customerId: null,
  },
  lago: {
    provider: lago,
    scripts: { upsert: lagoUpsert, batch: lagoBatch, plan: lagoPlan, pull: lagoPull },
    record: lagoRecord,
    find: 'GET /customers?external_id=u-1&per_page=2',
    absent: { data: { customers: [], meta: { next_page: null } } },
    found: { data: { customers: [lagoRecord], meta: { next_page: null } } },
    create: 'POST /customers',
    created: { data: { customer: lagoRecord } },
    sent: { customer: lagoPayload },
    payload: lagoPayload,
    headers: { accept: 'application/json' },
    providerId: lagoRecord.lago_id,
    refusal: {
      status: 422,
      data: {
        status: 422,
        error: 'Unprocessable Entity',
        code: 'validation_errors',
        error_details: { email: ['invalid_email_format'] },
      },
    },
    refused: {
      code: 'rejected',
      status: 422,
      provider_code: 'validation_errors',
      fields: [{ field: 'email', message: 'invalid_email_format' }],
    },
    list: 'GET /customers?page=1&per_page=100',
    page: { data: { customers: [lagoRecord], meta: { next_page: null } } },
    observed: { id: 'u-1', name: 'Jo Doe', first_name: 'Jo', last_name: 'Doe', email: 'jo@acme.example' },
    customerId: 'u-1',
  },
  flexprice: {
    provider: flexprice,
    scripts: { upsert: flexpriceUpsert, batch: flexpriceBatch, plan: flexpricePlan, pull: flexpricePull },
    record: flexpriceRecord,
    find: 'GET /customers/external/u-1',
    absent: { status: 404, data: notFound.flexprice },
    found: { data: flexpriceRecord },
    create: 'POST /customers',
    created: { status: 201, data: flexpriceRecord },
    sent: flexpricePayload,
    payload: flexpricePayload,
    headers: { accept: 'application/json' },
    providerId: flexpriceRecord.id,
    refusal: {
      status: 400,
      data: { code: 'validation_error', message: 'Request validation failed', details: { Email: 'is not an email' } },
    },
    refused: { code: 'rejected', status: 400, provider_code: 'validation_error' },
    list: 'POST /customers/search',
    page: { data: { items: [flexpriceRecord], pagination: { total: 1, limit: 1000, offset: 1000 } } },
    observed: { id: 'u-1', name: 'Jo Doe', email: 'jo@acme.example' },
    customerId: 'u-1',
  },
  autumn: {
    provider: autumn,
    scripts: { upsert: autumnUpsert, batch: autumnBatch, plan: autumnPlan, pull: autumnPull },
    record: autumnRecord,
    find: 'POST /customers.get',
    absent: { status: 404, data: notFound.autumn },
    found: { data: autumnRecord },
    create: 'POST /customers.get_or_create',
    created: { data: autumnRecord },
    sent: autumnPayload,
    payload: autumnPayload,
    headers: { accept: 'application/json', 'x-api-version': '2.1' },
    providerId: 'u-1',
    refusal: {
      status: 400,
      data: { message: 'email: not a valid email address', code: 'invalid_inputs', env: 'sandbox' },
    },
    refused: {
      code: 'rejected',
      status: 400,
      provider_code: 'invalid_inputs',
      fields: [{ field: 'email', message: 'not a valid email address' }],
    },
    list: 'POST /customers.list',
    page: { data: { list: [autumnRecord], has_more: false } },
    observed: { id: 'u-1', name: 'Jo Doe', email: 'jo@acme.example' },
    customerId: 'u-1',
  },
  stripe: {
    provider: stripe,
    scripts: { upsert: stripeUpsert, batch: stripeBatch, plan: stripePlan, pull: stripePull },
    record: stripeRecord,
    find: 'GET /v1/customers/search?query=metadata%5B%22customer_sync_id%22%5D%3A%22u-1%22&limit=100',
    absent: { data: { data: [], has_more: false } },
    found: { data: { data: [stripeRecord], has_more: false } },
    /** Whom a search finds is read once more. */
    confirm: 'GET /v1/customers/cus_QXg1o8vcGmoR32',
    create: 'POST /v1/customers',
    created: { data: stripeRecord },
    sent: 'metadata%5Bcustomer_sync_id%5D=u-1&name=Jo+Doe&email=jo%40acme.example',
    payload: { metadata: { customer_sync_id: 'u-1' }, name: 'Jo Doe', email: 'jo@acme.example' },
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      'stripe-version': '2026-08-26.dahlia',
      'idempotency-key': 'customer-sync-u-1',
    },
    providerId: stripeRecord.id,
    refusal: {
      status: 400,
      data: {
        error: {
          code: 'email_invalid',
          message: 'Invalid email address',
          param: 'email',
          type: 'invalid_request_error',
        },
      },
    },
    refused: {
      code: 'rejected',
      status: 400,
      provider_code: 'email_invalid',
      fields: [{ field: 'email', message: 'Invalid email address' }],
    },
    list: 'GET /v1/customers?limit=100',
    page: { data: { data: [stripeRecord], has_more: false } },
    observed: { id: 'u-1', name: 'Jo Doe', email: 'jo@acme.example' },
    customerId: 'u-1',
  },
};
