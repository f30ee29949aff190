import { expect } from 'chai';
import type { TestApp, TestClient } from './http';

/** Uploads a file and answers with the address of its import. */
export async function uploadImport(
  client: TestClient,
  importer: string,
  name: string,
  content: Buffer | string,
  fields: Record<string, string | number> = {},
): Promise<string> {
  const answer = await client.upload(`/imports/${importer}`, [{ field: 'file', name, content }], fields);
  expect(answer.status, answer.text).to.equal(303);
  return answer.headers.location ?? '';
}

/** What the form of the page would send as it stands: chosen columns, sheet, row of the names, stores across, version. */
export function proposedFields(html: string): Record<string, string> {
  const form = /<form[^>]*action="[^"]*\/check"[\s\S]*?<\/form>/.exec(html)?.[0] ?? '';
  const fields: Record<string, string> = {};
  for (const [, name = '', options = ''] of form.matchAll(
    /<select[^>]* name="(column\.\w+)"[^>]*>([\s\S]*?)<\/select>/g,
  )) {
    const chosen = /value="(\d+)" selected/.exec(options)?.[1];
    if (chosen !== undefined) fields[name] = chosen;
  }
  for (const [, name = '', value = ''] of form.matchAll(
    /type="hidden" name="(version|headerRow|sheet|across\.\d+)" value="([^"]+)"/g,
  ))
    fields[name] = value;
  return fields;
}

/** Waits until the work in the background is over; the page then. */
export async function importSettled(client: TestClient, href: string): Promise<string> {
  for (let tries = 0; tries < 6000; tries++) {
    const { body } = await client.agent.get(`${href}/progress`).set('accept', 'application/json');
    if ((body as { state: string }).state !== 'running') return (await client.get(href).expect(200)).text;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('the import does not end');
}

/** Checks the file as the page at `from` proposes it; the page with the outcome. */
export async function checkAsProposed(
  client: TestClient,
  href: string,
  { from = href, changes = {} }: { from?: string; changes?: Record<string, string | number> } = {},
): Promise<string> {
  const { text } = await client.get(from).expect(200);
  const answer = await client.post(`${href}/check`, { ...proposedFields(text), ...changes });
  expect(answer.status, answer.text).to.equal(303);
  return importSettled(client, href);
}

export async function applyImportPage(client: TestClient, href: string): Promise<string> {
  const answer = await client.post(`${href}/application`);
  expect(answer.status, answer.text).to.equal(303);
  return importSettled(client, href);
}

export async function download(client: TestApp | TestClient, path: string): Promise<Buffer> {
  const answer = await client.agent
    .get(path)
    .buffer(true)
    .parse((response, done) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => done(null, Buffer.concat(parts)));
    })
    .expect(200);
  return answer.body as Buffer;
}
