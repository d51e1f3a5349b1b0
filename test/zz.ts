import { openNangoStage } from './connections/nango-stage.js';
const stage = await openNangoStage({ providers: ['lago','recharge','autumn','flexprice'], actions: ['upsert-customers-batch','plan-customers'], rateLimits: true,
 connections: [1,2,3].map((n) => ({ connectionId: `t${n}`, providerConfigKey: 'autumn', tags: { plan: 'gold' } })) });
console.log(`export NANGO_HOST=${stage.env.NANGO_HOST} NANGO_SECRET_KEY=${stage.env.NANGO_SECRET_KEY}`);
setTimeout(() => process.exit(), 600_000);
