-- Power, steam, water and the rest are shared out like land: a right draws what its project needs from nodes of the
-- networks, and no node ever promises more than it has (36_supply.sql).

CREATE TABLE service (
  service text PRIMARY KEY,
  kind    text NOT NULL UNIQUE,
  unit    text NOT NULL
);
COMMENT ON TABLE service IS
  'What land can draw, the unit it is measured in, and the kind of network whose nodes give it; geo/land/service.go '
  'has the same table.';
INSERT INTO service VALUES
  ('power', 'substation', 'kVA'),
  ('steam', 'steam', 't/h'),
  ('water', 'water', 'm3/d'),
  ('sewage', 'sewer', 'm3/d'),
  ('gas', 'gas', 'm3/h'),
  ('nitrogen', 'nitrogen', 'm3/h');

CREATE TABLE allotment_draw (
  park_id      uuid NOT NULL,
  allotment_id uuid NOT NULL,
  network_id   uuid NOT NULL,
  service      text NOT NULL REFERENCES service,
  from_seq     bigint NOT NULL,
  to_seq       bigint CHECK (to_seq > from_seq),
  sys          tstzrange NOT NULL,
  amount       numeric(16,3) NOT NULL CHECK (amount > 0 AND amount < 'Infinity'),
  PRIMARY KEY (park_id, allotment_id, network_id, service, from_seq),
  FOREIGN KEY (park_id, allotment_id) REFERENCES allotment,
  FOREIGN KEY (park_id, network_id) REFERENCES network,
  FOREIGN KEY (park_id, from_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, to_seq) REFERENCES record (park_id, seq)
);
COMMENT ON TABLE allotment_draw IS
  'How much of a service a right draws from a node, and when: it is promised from the hold to the end of the right.';
COMMENT ON COLUMN allotment_draw.amount IS 'In the unit of its service.';
CREATE UNIQUE INDEX allotment_draw_live ON allotment_draw (park_id, allotment_id, network_id, service)
    WHERE to_seq IS NULL;
CREATE INDEX allotment_draw_node ON allotment_draw (network_id, park_id);
CREATE INDEX allotment_draw_from ON allotment_draw (from_seq, park_id);
CREATE INDEX allotment_draw_to ON allotment_draw (to_seq, park_id) WHERE to_seq IS NOT NULL;

CREATE TABLE supply_at_risk (
  park_id      uuid NOT NULL,
  seq          bigint NOT NULL,
  network_id   uuid NOT NULL,
  allotment_id uuid NOT NULL,
  service      text NOT NULL REFERENCES service,
  amount       numeric(16,3) NOT NULL CHECK (amount > 0 AND amount < 'Infinity'),
  PRIMARY KEY (park_id, seq, network_id, allotment_id, service),
  FOREIGN KEY (park_id, seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, network_id) REFERENCES network,
  FOREIGN KEY (park_id, allotment_id) REFERENCES allotment
);
COMMENT ON TABLE supply_at_risk IS
  'Whose supply a record puts at risk, and how much of it, when it leaves a node with less than it has promised.';
