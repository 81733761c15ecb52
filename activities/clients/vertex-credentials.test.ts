// Vertex AI with a project: Google's application default credentials, here those of a workload identity whose token
// service is a stub.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { localEndpoint } from './local-endpoint.ts';
import { providerClient } from './provider-client.ts';
import { vertexWire } from './synthetic-wire-gemini.ts';
import { wireText } from './synthetic-wire.ts';
import { wireAccess } from './synthetic-wires.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vertex-'));
});
afterAll(async () => rm(folder, { recursive: true }));

const project = { provider: 'vertex', model: 'm-1', project: 'ours-1', region: 'europe-west4' } as const;
const question = { messages: [{ role: 'user', content: 'glaucoma' } as const], maxTokens: 9 };

async function client(url: string, credentials: string) {
  const wire = { ...vertexWire, baseline: project };
  return await providerClient(
    'vertex',
    wireAccess(wire, url, { secrets: { GOOGLE_APPLICATION_CREDENTIALS: credentials } }),
  );
}

/** Credentials of a workload identity, whose tokens come from `url`. */
async function credentialsFile(url: string): Promise<string> {
  const file = join(folder, 'credentials.json');
  await writeFile(join(folder, 'subject'), 'subject-token');
  await writeFile(
    file,
    JSON.stringify({
      type: 'external_account',
      audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: `${url}/token`,
      credential_source: { file: join(folder, 'subject') },
    }),
  );
  return file;
}

it('a project is asked with a token of its credentials file', async () => {
  await using tokens = await localEndpoint({
    body: {
      access_token: 'token-1',
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      token_type: 'Bearer',
      expires_in: 3600,
    },
  });
  await using vendor = await localEndpoint(vertexWire.answer);
  const answer = await (
    await client(vendor.url, await credentialsFile(tokens.url))
  ).ask({
    ...question,
    signal: new AbortController().signal,
  });
  expect(answer.text).toBe(wireText);
  expect(vendor.requests[0]?.headers.authorization).toBe('Bearer token-1');
  expect(vendor.requests[0]?.headers['x-goog-api-key']).toBeUndefined();
  expect(tokens.requests).toHaveLength(1);
});

it('credentials that are refused name the variable to look at', async () => {
  await using tokens = await localEndpoint({
    status: 400,
    body: { error: 'invalid_grant', error_description: 'glaucoma' },
  });
  await using vendor = await localEndpoint(vertexWire.answer);
  const asked = (await client(vendor.url, await credentialsFile(tokens.url))).ask({
    ...question,
    signal: new AbortController().signal,
  });
  await expect(asked).rejects.toMatchObject({
    kind: 'endpoint',
    message: 'vertex gave no access token: check GOOGLE_APPLICATION_CREDENTIALS',
  });
  expect(vendor.requests).toEqual([]);
});

it('a credentials file that is not there is bad input that names variable and path', async () => {
  const missing = join(folder, 'missing.json');
  await expect(client('http://127.0.0.1:9', missing)).rejects.toThrow(
    expect.objectContaining({
      message: `there is no file ${missing} on the worker`,
      where: 'GOOGLE_APPLICATION_CREDENTIALS',
    }),
  );
});
