/* pgmigrate-encoding: utf-8 */
-- The number is kept for a change that is on its way, which replaces this file.
