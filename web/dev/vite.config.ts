import { defineConfig, mergeConfig } from 'vite';
import base from '../vite.config';
import { mockIntake } from './plugin';

// `npm run dev:mock` answers for intake itself, so that its screens can be worked on with any server behind it.
export default mergeConfig(base, defineConfig({ plugins: [mockIntake()] }));
