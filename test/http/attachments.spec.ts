import { expect } from 'chai';
import { attachmentRoutes, saveAttachment } from '../../src/platform/attachments';
import type { ModuleManifest } from '../../src/platform/modules';
import { can, systemActor } from '../../src/platform/permissions';
import { testApps } from '../support/http';

const PNG = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(40)]);

/** A module whose records 1 and 2 have files; who may see a record has the right in the store of its number. */
const owner = {
  attachments: {
    'demo.record': async (_read: unknown, actor: Parameters<typeof can>[0], id: number) =>
      can(actor, 'demo.record.view', id),
  },
};
const demo: ModuleManifest = {
  name: 'demo',
  core: true,
  needs: [],
  tables: [],
  permissions: [{ id: 'demo.record.view', roles: [] }],
  menu: [],
  routes: attachmentRoutes([owner]),
  ...owner,
};

describe('attachments over HTTP', function () {
  this.timeout(30_000);
  const start = testApps();
  const open = async () => {
    const app = await start({ modules: [demo] });
    const save = (subjectType: string, subjectId: number, name: string, content: Buffer) =>
      saveAttachment(app.services, systemActor('test'), { subjectType, subjectId, name, content });
    return { app, save };
  };

  it('gives a picture to who may see its record, typed and never guessed', async () => {
    const { app, save } = await open();
    const { attachmentId } = await save('demo.record', 1, '门头 "照片".png', PNG);
    const answer = await app.get(`/attachments/${attachmentId}`).expect(200);
    expect(answer.headers['content-type']).to.include('image/png');
    expect(answer.headers['x-content-type-options']).to.equal('nosniff');
    expect(answer.headers['content-disposition'])
      .to.match(/^inline/)
      .and.include(encodeURIComponent('门头 照片.png'));
    expect(Buffer.compare(answer.body as Buffer, PNG)).to.equal(0);
  });

  it('sends everything else as a download', async () => {
    const { app, save } = await open();
    const { attachmentId } = await save('demo.record', 1, 'page.txt', Buffer.from('<script>alert(1)</script>'));
    const answer = await app.get(`/attachments/${attachmentId}`).expect(200);
    expect(answer.headers['content-disposition']).to.match(/^attachment/);
    expect(answer.headers['content-type']).to.include('text/plain');
  });

  it('has nothing for other stores, for records nobody answers for, and for the signed-out', async () => {
    const { app, save } = await open();
    const first = await save('demo.record', 1, 'a.png', PNG);
    const orphan = await save('nobody.record', 1, 'a.png', PNG);
    const neighbour = await app.as({ permissions: ['demo.record.view'], stores: [2] });
    await neighbour.get(`/attachments/${first.attachmentId}`).expect(404);
    await app.get(`/attachments/${orphan.attachmentId}`).expect(404);
    await app.get('/attachments/999').expect(404);
    await app.signedOut().get(`/attachments/${first.attachmentId}`).expect(303);
  });
});
