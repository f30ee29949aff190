import { expect } from 'chai';
import { authorization, sha256, type Signing } from '../../../src/platform/backup-targets/sigv4';

const NOTHING = sha256('');

/** The examples of "Authenticating Requests: Using the Authorization Header" in the S3 API reference. */
const S3 = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
  service: 's3',
  at: Date.UTC(2013, 4, 24),
};
/** AWS's Signature Version 4 test suite, the cases without what S3 does not do (normalised paths, doubled headers). */
const SUITE = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
  service: 'service',
  at: Date.UTC(2015, 7, 30, 12, 36),
};

const s3 = (url: string, more: Partial<Signing> = {}): Signing => ({
  ...S3,
  method: 'GET',
  url: new URL(url, 'https://examplebucket.s3.amazonaws.com'),
  payloadHash: NOTHING,
  ...more,
  headers: { 'x-amz-content-sha256': more.payloadHash ?? NOTHING, 'x-amz-date': '20130524T000000Z', ...more.headers },
});
const suite = (url: string, more: Partial<Signing> = {}): Signing => ({
  ...SUITE,
  method: 'GET',
  url: new URL(url, 'https://example.amazonaws.com'),
  payloadHash: NOTHING,
  ...more,
  headers: { 'x-amz-date': '20150830T123600Z', ...more.headers },
});

const cases: [string, Signing, string][] = [
  [
    'S3: get object',
    s3('/test.txt', { headers: { range: 'bytes=0-9' } }),
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  ],
  [
    'S3: put object',
    s3('/test%24file.text', {
      method: 'PUT',
      payloadHash: sha256('Welcome to Amazon S3.'),
      headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
    }),
    '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  ],
  ['S3: bucket lifecycle', s3('/?lifecycle'), 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
  ['S3: list objects', s3('/?max-keys=2&prefix=J'), '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
  ['get-vanilla', suite('/'), '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['post-vanilla', suite('/', { method: 'POST' }), '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  [
    'get-vanilla-query-order-key-case',
    suite('/?Param2=value2&Param1=value1'),
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ],
];

describe('signatures for S3', () => {
  for (const [name, signing, signature] of cases)
    it(`are those that AWS publishes: ${name}`, () => {
      expect(authorization(signing)).to.match(new RegExp(`Signature=${signature}$`));
    });
});
