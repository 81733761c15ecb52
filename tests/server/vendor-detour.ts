// Loaded into the processes of a project under test (`node --import`): requests to OpenAI's address go to a local stub.
// A recipe cannot name another address for a vendor, since keys are bound to their host.
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';

const stub = process.env['STUB_OF_OPENAI'];
if (stub !== undefined) {
  const there = https.request;
  const detour = (url: URL, options: http.RequestOptions, onReply: (reply: http.IncomingMessage) => void) =>
    url.hostname === 'api.openai.com'
      ? http.request(new URL(url.pathname + url.search, stub), { ...options, agent: http.globalAgent }, onReply)
      : there(url, options, onReply);
  Object.assign(https, { request: detour });
  syncBuiltinESMExports();
}
