const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** What an address is made of, by the words people use for it; compact, as `compactName` writes them. */
export const addressNames: Readonly<Record<string, readonly string[]>> = {
  line1: words(`
    line1 addressline1 address1 streetaddress streetaddress1 street street1 streetline1 streetname
    address addressstreet strasse anschrift adresse adresse1 adresszeile1 strassehausnummer
    strasseundhausnummer strassenr strasseundnr addr1 addr
  `),
  line2: words(`
    line2 addressline2 address2 streetaddress2 street2 streetline2 suite apartment apt unit addressextra
    adresszusatz zusatz adresse2 adresszeile2 addr2
  `),
  house_number: words('housenumber houseno streetnumber hausnummer hausnr hnr'),
  city: words('city cityname town locality addresscity ort stadt wohnort'),
  state: words(`
    state stateprovince stateregion statecode province provincecode region county addressstate
    bundesland kanton
  `),
  postal_code: words(`
    postalcode postcode zip zipcode zippostalcode postalzip zippostcode postal addresszip
    addresspostalcode plz postleitzahl
  `),
  country: words(`
    countrycode countryiso countryiso2 country countryname countryregion nation addresscountry
    laendercode landercode landescode landkennung land
  `),
};

/**
 * Fields of the customer by the words that sources use for them, the surest first. `company` is no field: it goes into
 * `name` and `type`.
 */
export const fieldNames: Readonly<Record<string, readonly string[]>> = {
  id: words(`
    id customerid clientid accountid contactid recordid userid companyid personid memberid externalid
    customernumber customerno customercode accountnumber clientnumber kundennummer kundennr kundenid
    kundenkennung debitorennummer debitor uuid uid
  `),
  email: words(`
    email emailaddress mail mailaddress emailadresse mailadresse primaryemail workemail
  `),
  first_name: words('firstname givenname forename vorname rufname'),
  last_name: words('lastname surname familyname nachname familienname zuname'),
  company: words(`
    company companyname organisation organization organisationname organizationname org business
    businessname employer associatedcompany firma firmenname unternehmen
  `),
  name: words(`
    name fullname displayname customername clientname accountname contactname customer client kunde
    kundenname vollername
  `),
  legal_name: words('legalname registeredname legalentity legalentityname firmierung'),
  legal_number: words(`
    legalnumber registrationnumber companynumber companyregistrationnumber registernumber
    handelsregisternummer hrb hrnummer siret siren
  `),
  tax_id: words(`
    taxid vatid vatnumber vat vatno taxnumber taxidentificationnumber businessvatid ustid ustidnr
    umsatzsteuerid umsatzsteueridnr steuernummer gstin abn ein
  `),
  tax_exempt: words('taxexempt taxexemption istaxexempt steuerbefreit steuerfrei'),
  type: words('type customertype accounttype kundentyp kundenart'),
  phone: words(`
    phone phonenumber telephone telephonenumber tel telefon telefonnummer mobile cell mobilephone
    mobilephonenumber mobilenumber cellphone handy mobil mobiltelefon handynummer mobilnummer festnetz
  `),
  currency: words(`
    currency currencycode currencyisocode waehrung wahrung waehrungscode wahrungscode
  `),
  timezone: words('timezone tz zeitzone'),
  locale: words(`
    locale language languagecode preferredlanguage preferredlocale lang sprache
  `),
  url: words('url website websiteurl web homepage webseite internet'),
  logo_url: words('logourl logo'),
  updated_at: words(`
    updatedat updated lastupdated modifiedat lastmodified lastmodifieddate systemmodstamp geaendertam
    geandertam
  `),
  deleted: words('deleted isdeleted geloescht geloscht'),
};

/** Why a column is left out although it is clear what it holds. The names are beginnings. */
export const unwanted: readonly { readonly begins: readonly string[]; readonly reason: string }[] = [
  { begins: words('fax telefax'), reason: 'no billing system has a place for a fax number' },
  { begins: words('card'), reason: 'belongs to a payment card, not to the customer' },
  { begins: words('password passwort secret token'), reason: 'a secret has no place in a billing system' },
  { begins: words('birth dateofbirth dob geburt'), reason: 'no billing system has a place for a date of birth' },
  {
    begins: words('created createdate datecreated signup registered angelegt erstellt'),
    reason: 'the customer model has no time of creation',
  },
  { begins: words('salutation anrede gender geschlecht'), reason: 'no billing system has a place for it' },
];

/** Words in front of a name that say which address it belongs to. */
export const addressPrefixes: Readonly<Record<'address' | 'shipping_address', readonly string[]>> = {
  address: words(`
    billingaddress billing billto invoiceaddress invoice mailingaddress mailing address rechnungsadresse
    rechnungs rechnung primaryaddress defaultaddress adresse
  `),
  shipping_address: words(`
    shippingaddress shipping shipto deliveryaddress delivery lieferadresse liefer
  `),
};

/** Words in front of a name that say no more than that the row is about a customer. */
export const emptyPrefixes: readonly string[] = words(`
    customer client account contact company user person primary main default work business kunden kunde
    firmen billing invoice rechnungs properties attributes fields
  `);

/** Systems whose id of the customer a source may hold, as in `Salesforce ID`. */
export const otherSystems: readonly string[] = words(`
    salesforce hubspot shopify bigcommerce ecommerce stripe netsuite xero quickbooks pipedrive zendesk
    intercom
  `);

/** `Straße`, `strasse` and `STRASSE ` alike: letters and digits, no accents, lower case. */
export function compactName(column: string): string {
  return column
    .replace(/__c$/i, '')
    .replace(/\([^)]*\)/g, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** A name as our own fields are written: `SupportRepId` as `support_rep_id`. */
export function snakeName(column: string): string {
  return column
    .replace(/__c$/i, '')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
}
