import { describe, expect, it } from 'vitest';
import { leftOut, readField } from './read-field.js';

describe('currency', () => {
  it.each([
    ['eur', 'EUR'],
    ['Usd', 'USD'],
    ['€', 'EUR'],
  ])('reads %j as %s', (text, code) => {
    expect(readField('currency', text)).toEqual({ value: code, notes: ['normalised: written as an ISO 4217 code'] });
  });

  it('trims a code', () => {
    expect(readField('currency', 'EUR ')).toEqual({
      value: 'EUR',
      notes: ['normalised: white space around it was removed'],
    });
  });

  it.each([['$'], ['US$'], ['£'], ['euro'], ['XYZ'], ['EUR/USD']])('does not read %j', (text) => {
    expect(readField('currency', text)).toEqual(leftOut('is not an ISO 4217 currency code'));
  });
});

describe('timezone', () => {
  it.each([
    ['europe/berlin', 'Europe/Berlin'],
    ['EUROPE/BERLIN', 'Europe/Berlin'],
    ['america/new york', 'America/New_York'],
    ['africa/dar_es_salaam', 'Africa/Dar_es_Salaam'],
    ['AMERICA/PORT-AU-PRINCE', 'America/Port-au-Prince'],
    ['antarctica/mcmurdo', 'Antarctica/McMurdo'],
    ['asia/kolkata', 'Asia/Kolkata'],
    ['europe/kyiv', 'Europe/Kyiv'],
    ['europe/isle_of_man', 'Europe/Isle_of_Man'],
    ['america/argentina/comodrivadavia', 'America/Argentina/ComodRivadavia'],
    ['us/pacific', 'US/Pacific'],
    ['etc/gmt+5', 'Etc/GMT+5'],
    ['cet', 'CET'],
    ['gb-eire', 'GB-Eire'],
    ['utc', 'UTC'],
    ['GMT', 'UTC'],
    ['Z', 'UTC'],
  ])('reads %j as %s', (text, zone) => {
    expect(readField('timezone', text)).toEqual({ value: zone, notes: ['normalised: written as the IANA name'] });
  });

  it.each([['Europe/Berlin'], ['Asia/Calcutta'], ['Asia/Kolkata'], ['US/Pacific'], ['Etc/UTC'], ['UTC'], ['EST']])(
    'leaves %s as it is',
    (zone) => {
      expect(readField('timezone', zone)).toEqual({ value: zone, notes: [] });
    },
  );

  it.each([
    ['+02:00'],
    ['UTC+2'],
    ['PST'],
    ['CST'],
    ['IST'],
    ['W. Europe Standard Time'],
    ['Berlin'],
    ['Europe/Bielefeld'],
    ['SystemV/PST8'],
  ])('does not read %j', (text) => {
    expect(readField('timezone', text)).toEqual(leftOut('is not an IANA time zone'));
  });
});

describe('locale', () => {
  it.each([
    ['pt_BR', 'pt-BR'],
    ['pt_br', 'pt-BR'],
    ['en_US.UTF-8', 'en-US'],
    ['de_DE.ISO8859-15@euro', 'de-DE'],
    ['zh_hans_cn', 'zh-Hans-CN'],
    ['DE-at', 'de-AT'],
    ['EN', 'en'],
    ['DE', 'de'],
    ['deu', 'de'],
    ['iw', 'he'],
  ])('reads %j as %s', (text, tag) => {
    expect(readField('locale', text)).toEqual({
      value: tag,
      notes: ['normalised: written as a BCP 47 language tag'],
    });
  });

  it.each([['de-AT'], ['es-419'], ['fil'], ['br'], ['de-DE-u-co-phonebk']])('leaves %s as it is', (tag) => {
    expect(readField('locale', tag)).toEqual({ value: tag, notes: [] });
  });

  it.each([['english'], ['us'], ['C'], ['POSIX'], ['sr_RS@latin'], ['en-US,en;q=0.9'], ['*']])(
    'does not read %j',
    (text) => {
      expect(readField('locale', text)).toEqual(leftOut('is not a BCP 47 language tag'));
    },
  );

  it.each([['BR'], ['SV'], ['CA'], ['USA']])('does not take the country code %s for a language', (text) => {
    expect(readField('locale', text)).toEqual(leftOut('may be a country as well as a language'));
  });
});

describe('type', () => {
  it.each([
    ['Company', 'company'],
    ['BUSINESS', 'company'],
    ['organisation', 'company'],
    ['Organization', 'company'],
    ['org', 'company'],
    ['B2B', 'company'],
    ['Individual', 'individual'],
    ['person', 'individual'],
    ['Consumer', 'individual'],
    ['b2c', 'individual'],
    ['private', 'individual'],
  ])('reads %j as %s', (text, type) => {
    expect(readField('type', text)).toEqual({
      value: type,
      notes: ['normalised: written in the word of the customer model'],
    });
  });

  it.each([['company'], ['individual']])('leaves %s as it is', (type) => {
    expect(readField('type', type)).toEqual({ value: type, notes: [] });
  });

  it('does not read another word', () => {
    expect(readField('type', 'partner')).toEqual(leftOut('is not a word for an individual or a company'));
  });
});
