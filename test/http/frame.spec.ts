import { expect } from 'chai';
import { testApps } from '../support/http';

describe('the frame of the application', () => {
  const start = testApps();

  it('greets the signed-in and sends others to sign in', async () => {
    const app = await start();
    const home = await app.get('/').expect(200);
    expect(home.text).to.include('周敏').and.include('/settings/modules');
    const out = await app.signedOut().get('/alerts?x=1').expect(303);
    expect(out.headers['location']).to.equal('/sign-in?next=%2Falerts%3Fx%3D1');
  });

  it('answers an unknown address with a page that helps', async () => {
    const app = await start();
    const found = await app.get('/no/such/page').expect(404);
    expect(found.text).to.include('没有找到这一页').and.include('<nav');
    const out = await app.signedOut().get('/no/such/page').expect(404);
    expect(out.text).to.include('没有找到这一页').and.not.include('class="side"');
  });
});
