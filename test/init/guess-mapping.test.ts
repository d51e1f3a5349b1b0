import { describe, expect, it, type TestContext } from 'vitest';
import type { SourceMapping } from '../../schemas/mapping.js';
import { type Guess, guessMapping } from '../../src/init/guess-mapping.js';
import { readTable } from '../../src/init/table.js';
import { compileTrial } from '../../src/init/trial.js';
import { folderWith } from '../cli/command-line.js';

async function guess(file: string, ending: TestContext, name = 'customers.csv'): Promise<Guess> {
  const folder = folderWith({ [name]: file }, ending);
  return guessMapping(await readTable({ path: `${folder}/${name}` }), ['lago']);
}

async function customers(file: string, ending: TestContext, name = 'customers.csv'): Promise<unknown[]> {
  const folder = folderWith({ [name]: file }, ending);
  const table = await readTable({ path: `${folder}/${name}` });
  const tryRow = compileTrial(guessMapping(table).mapping);
  return table.rows.map((row) => tryRow(row).customer);
}

const sources = ({ fields }: SourceMapping) =>
  Object.fromEntries(Object.entries(fields).map(([field, { from, template }]) => [field, from ?? template]));

describe('the columns of', () => {
  it('a CRM export become a company or a person', async (ending) => {
    const { mapping, valid, leftOut } = await guess(
      [
        'CustomerId,FirstName,LastName,Company,Address,City,State,Country,PostalCode,Phone,Fax,Email,SupportRepId',
        '1,Marta,Nowak,Browar S.A.,ul. Długa 12,Gdańsk,,Poland,80-827,+48 (58) 555-01-23,,marta@browar.example,4',
        '2,Hannes,Brandt,,Torstraße 99,Berlin,,Germany,10119,030-0174321,030-0174322,h.brandt@posteo.example,4',
      ].join('\n'),
      ending,
    );
    expect(sources(mapping)).toEqual({
      id: 'CustomerId',
      email: 'Email',
      name: ['Company', { template: '{FirstName} {LastName}' }],
      first_name: 'FirstName',
      last_name: 'LastName',
      type: [
        { from: 'Company', transform: [{ lookup: { table: {}, otherwise: 'company' } }] },
        { constant: 'individual' },
      ],
      phone: 'Phone',
      'address.line1': 'Address',
      'address.city': 'City',
      'address.state': 'State',
      'address.postal_code': 'PostalCode',
      'address.country': 'Country',
    });
    expect(leftOut.map(({ column }) => column)).toEqual(['Fax', 'SupportRepId']);
    expect(valid).toBe(2);
  });

  it('camelCase JSON lines are found in nested objects', async (ending) => {
    const { mapping, valid } = await guess(
      [
        '{"customerId":"c1","emailAddress":"a@b.example","billingAddress":{"street":"1 Main St","zipCode":"10115","countryCode":"DE"},"tags":["a"]}',
        '{"customerId":"c2","emailAddress":"c@d.example","billingAddress":{"street":"2 Main St","zipCode":"10116","countryCode":"DE"},"vatNumber":"DE1"}',
      ].join('\n'),
      ending,
      'customers.jsonl',
    );
    expect(sources(mapping)).toEqual({
      id: 'customerId',
      email: 'emailAddress',
      tax_id: 'vatNumber',
      'address.line1': 'billingAddress.street',
      'address.postal_code': 'billingAddress.zipCode',
      'address.country': 'billingAddress.countryCode',
    });
    expect(Object.keys(mapping.ignored ?? {})).toEqual(['tags']);
    expect(valid).toBe(2);
  });

  it('a Salesforce account export keep the two addresses apart', async (ending) => {
    const { mapping, leftOut } = await guess(
      [
        'Id,Name,Type,BillingStreet,BillingCity,BillingState,BillingPostalCode,BillingCountry,BillingCountryCode,ShippingStreet,ShippingCity,ShippingCountry,Phone,Fax,Website,CurrencyIsoCode,OwnerId,CreatedDate,LastModifiedDate,IsDeleted',
        '0015g00001AAA,Acme,Customer - Direct,1 Main St,Bonn,NRW,53111,Germany,DE,2 Dock Rd,Kiel,Germany,+49 228 555010,,https://acme.example,EUR,0055g001,2024-01-02T10:00:00.000+0000,2026-05-01T08:00:00.000+0000,false',
        '0015g00001BBB,Initech,Prospect,9 High St,Leeds,,LS1 1AA,United Kingdom,GB,,,,+44 113 496 0000,,initech.example,GBP,0055g001,2024-02-02T10:00:00.000+0000,2026-05-02T08:00:00.000+0000,false',
      ].join('\n'),
      ending,
    );
    expect(sources(mapping)).toEqual({
      id: 'Id',
      name: 'Name',
      phone: 'Phone',
      'address.line1': 'BillingStreet',
      'address.city': 'BillingCity',
      'address.state': 'BillingState',
      'address.postal_code': 'BillingPostalCode',
      'address.country': ['BillingCountryCode', 'BillingCountry'],
      'shipping_address.line1': 'ShippingStreet',
      'shipping_address.city': 'ShippingCity',
      'shipping_address.country': 'ShippingCountry',
      currency: 'CurrencyIsoCode',
      url: 'Website',
      updated_at: 'LastModifiedDate',
      deleted: 'IsDeleted',
    });
    const reasons = Object.fromEntries(leftOut.map(({ column, reason }) => [column, reason]));
    expect(reasons).toMatchObject({
      Type: 'named like type, but only 0 of its 2 values can be read as that',
      CreatedDate: 'the customer model has no time of creation',
      OwnerId: 'not recognised; to keep it: "metadata.owner_id": { "from": "OwnerId" }',
    });
  });

  it('a HubSpot export with spaces and slashes', async (ending) => {
    const { mapping } = await guess(
      [
        'Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Company name,Street Address,City,State/Region,Postal Code,Country/Region,Website URL,Preferred language,Contact owner',
        '101,Ada,Byron,ada@byron.example,,+44 7700 900123,,1 St James Sq,London,,SW1Y 4LE,United Kingdom,https://byron.example,en,sales@we.example',
      ].join('\n'),
      ending,
    );
    expect(sources(mapping)).toMatchObject({
      id: 'Record ID',
      email: 'Email',
      phone: ['Phone Number', 'Mobile Phone Number'],
      'address.state': 'State/Region',
      'address.country': 'Country/Region',
      url: 'Website URL',
      locale: 'Preferred language',
    });
  });

  it('a Stripe export leave the payment card out and keep the metadata', async (ending) => {
    const { mapping, leftOut } = await guess(
      [
        'id,Description,Email,Name,Created (UTC),Delinquent,Card ID,Card Address City,Card Address Country,Business Vat ID,plan_name (metadata)',
        'cus_1,,ada@byron.example,Ada Byron,2024-01-01 10:00,false,card_1,London,GB,GB123,gold',
      ].join('\n'),
      ending,
    );
    expect(sources(mapping)).toEqual({
      id: 'id',
      email: 'Email',
      name: 'Name',
      tax_id: 'Business Vat ID',
      'metadata.plan_name': 'plan_name (metadata)',
    });
    expect(leftOut.map(({ column }) => column)).toEqual([
      'Description',
      'Created (UTC)',
      'Delinquent',
      'Card ID',
      'Card Address City',
      'Card Address Country',
    ]);
  });

  it('a German export, with semicolons, umlauts and a house number of its own', async (ending) => {
    const [first] = await customers(
      [
        'Kundennummer;Anrede;Vorname;Nachname;Firma;Straße;Hausnummer;PLZ;Ort;Land;Telefon;E-Mail;USt-IdNr.;Währung',
        'K-1;Frau;Käthe;Groß;;Lindenweg;7 b;50667;Köln;Deutschland;0221 555010;kaethe@gross.example;DE999;eur',
      ].join('\n'),
      ending,
    );
    expect(first).toEqual({
      id: 'K-1',
      name: 'Käthe Groß',
      first_name: 'Käthe',
      last_name: 'Groß',
      type: 'individual',
      address: { line1: 'Lindenweg 7 b', postal_code: '50667', city: 'Köln', country: 'DE' },
      phone: '+49221555010',
      email: 'kaethe@gross.example',
      tax_id: 'DE999',
      currency: 'EUR',
    });
  });

  it('our own fields stay what they are', async (ending) => {
    const { mapping } = await guess('id,email,address.city,metadata.plan\na,a@b.example,Bonn,gold', ending);
    expect(sources(mapping)).toEqual({
      id: 'id',
      email: 'email',
      'address.city': "['address.city']",
      'metadata.plan': "['metadata.plan']",
    });
  });

  it('ids in other systems', async (ending) => {
    const { mapping } = await guess('id,Salesforce ID,lago_customer_id\na,001,l1', ending);
    expect(sources(mapping)).toMatchObject({
      'external_ids.salesforce': 'Salesforce ID',
      'external_ids.lago': 'lago_customer_id',
    });
  });
});

describe('the id', () => {
  it('is not a column whose values repeat', async (ending) => {
    const { mapping, leftOut } = await guess('company_id,user_id\n7,a\n7,b', ending);
    expect(mapping.fields['id']).toEqual({ from: 'user_id' });
    expect(leftOut).toEqual([{ column: 'company_id', reason: 'id comes from user_id' }]);
  });

  it('may be any column that is named like one and tells all rows apart', async (ending) => {
    const { fields } = await guess('shopkey,name\nx1,A\nx2,A', ending);
    expect(fields[0]).toEqual({
      field: 'id',
      columns: ['shopkey'],
      confidence: 'medium',
      why: 'named like an id, and every row has another one; all 2 values fit',
    });
  });

  it('is the e-mail address where there is nothing else, which is said to be unsure', async (ending) => {
    const { fields } = await guess('email,name\na@b.example,A\nc@d.example,B', ending);
    expect(fields[0]).toMatchObject({ field: 'id', columns: ['email'], confidence: 'low' });
  });

  it('must be somewhere', async (ending) => {
    await expect(guess('name,city\nA,Bonn\nA,Kiel', ending)).rejects.toThrow('no column can be the id');
  });
});

describe('values', () => {
  it('tell an e-mail address without a telling name, but not that of whoever looks after the customer', async (ending) => {
    const rows = [1, 2, 3, 4].map((n) => `${n},rep@we.example,c${n}@b.example`);
    const { fields, leftOut } = await guess(['id,rep,reach'].concat(rows).join('\n'), ending);
    expect(fields[1]).toEqual({
      field: 'email',
      columns: ['reach'],
      confidence: 'medium',
      why: 'its values are e-mail addresses; all 4 values fit',
    });
    expect(leftOut.map(({ column }) => column)).toEqual(['rep']);
  });

  it('tell what a column that is left out may be', async (ending) => {
    const { leftOut } = await guess('id,x\n1,Germany\n2,France\n3,Peru', ending);
    expect(leftOut[0]?.reason).toBe(
      'its values look like countries; if they are this customer\'s: "address.country": { "from": "x" }',
    );
  });

  it('overrule a name', async (ending) => {
    const { leftOut, mapping } = await guess('id,currency\n1,gold\n2,silver\n3,EUR', ending);
    expect(mapping.fields).not.toHaveProperty('currency');
    expect(leftOut).toEqual([
      { column: 'currency', reason: 'named like currency, but only 1 of its 3 values can be read as that' },
    ]);
  });

  it('take a level of confidence off where some do not fit, or none is there', async (ending) => {
    const { fields } = await guess('id,currency,phone\n1,EUR,\n2,gold,\n3,USD,', ending);
    expect(fields.map(({ field, confidence, why }) => [field, confidence, why])).toEqual([
      ['id', 'high', 'named so; all 3 values fit'],
      ['phone', 'medium', 'named so; no value in the sample'],
      ['currency', 'medium', 'named so; 2 of 3 values fit'],
    ]);
  });
});

describe('a file', () => {
  it('with names that reach a prototype is read without them', async (ending) => {
    const { mapping, leftOut } = await guess('id,__proto__,constructor\na,b,c', ending);
    expect(Object.keys(mapping.fields)).toEqual(['id']);
    expect(leftOut.map(({ reason }) => reason)).toEqual(Array(2).fill('has a name that is never accepted'));
  });

  it('without a header is refused', async (ending) => {
    await expect(guess('1,a@b.example\n2,c@d.example', ending)).rejects.toThrow('looks like data');
  });

  it('with nothing below its header is refused', async (ending) => {
    await expect(guess('id,email', ending)).rejects.toThrow('has no row that can be read');
  });

  it('of which no row can be read is refused with what is wrong with the first', async (ending) => {
    await expect(guess('{"id":"a"\n', ending, 'customers.jsonl')).rejects.toThrow(
      /^customers\.jsonl has no row that can be read: customers\.jsonl line 1 is not valid JSON/,
    );
  });

  it('may have columns with dots, quotes and brackets in their names', async (ending) => {
    const [first] = await customers(`id,"E.mail","Plan's name [EU] (metadata)"\na,a@b.example,gold`, ending);
    expect(first).toEqual({ id: 'a', email: 'a@b.example', metadata: { plan_s_name_eu: 'gold' } });
  });
});
