export const apiKey = 'not-a-real-key';
