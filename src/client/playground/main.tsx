import { render } from 'preact';
import { App } from './app.js';
import { Session } from './session.js';

const session = new Session();
render(<App session={session} />, document.querySelector('#app')!);
void session.restore();
