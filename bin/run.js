#!/usr/bin/env node
import lbbridge from '../dist/lbbridge.cjs';

await lbbridge.start();
