import express, { type RequestHandler } from 'express';
import { allowedMethods, type RouterStack } from './allowed-methods.js';

describe('Talksy, asked which methods a path has,', () => {
  const answer: RequestHandler = (_request, response) => response.end();
  const app = express();
  app.use(answer);
  app.get('/things/:id', answer);
  app.delete('/things/:id', answer);
  app.post('/things', answer);
  app.all('/{*path}', answer);
  app.route('/any').all(answer);
  const methodsOf = (path: string) => allowedMethods(app.router as unknown as RouterStack, path);

  it('gathers them from all its routes', () => {
    expect(methodsOf('/things/7')).toEqual(['DELETE', 'GET', 'HEAD']);
    expect(methodsOf('/things')).toEqual(['POST']);
  });

  it('knows none for a path without a route', () => {
    expect(['/elsewhere', '/any', '/things/%FF'].map(methodsOf)).toEqual([[], [], []]);
  });
});
