// Which settings name which store.
import { describe, expect, it } from 'vitest';
import { BadInput } from '../domain/bad-input.ts';
import { openStore } from './open-store.ts';

describe('openStore', () => {
  it.each([
    ['file:///var/contender', 'file:///var/contender'],
    ['/var/contender', 'file:///var/contender'],
    ['/var/with space', 'file:///var/with%20space'],
    ['s3://my-bucket', 's3://my-bucket/'],
    ['s3://my-bucket/some/prefix/', 's3://my-bucket/some/prefix'],
    ['s3://my-bucket/prefix?endpoint=http://127.0.0.1:7070&region=eu-west-1&path_style=true', 's3://my-bucket/prefix'],
  ])('opens %s', async (setting, uri) => {
    expect((await openStore(setting)).uri).toBe(uri);
  });

  it('takes a relative folder from the working directory', async () => {
    expect((await openStore('.contender/store')).uri).toMatch(/^file:\/\/.*\/\.contender\/store$/u);
  });

  it.each([
    '',
    'gs://bucket/prefix',
    'https://host/bucket',
    'file://host/folder',
    's3://',
    's3:///prefix',
    's3://Bad_Bucket/x',
    's3://bucket/a b',
    's3://bucket/../x',
    's3://bucket/x?endpint=http://host',
    's3://bucket/x?endpoint=host:7070',
  ])('refuses %j as bad input', async (setting) => {
    await expect(openStore(setting)).rejects.toThrow(BadInput);
  });
});
