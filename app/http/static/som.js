/** Two short tones: something arrived. */
export function soar() {
  const som = new AudioContext();
  const volume = som.createGain();
  volume.connect(som.destination);
  for (const [quando, altura] of [[0, 880], [0.12, 1175]]) {
    const tom = som.createOscillator();
    tom.frequency.value = altura;
    tom.connect(volume);
    tom.start(som.currentTime + quando);
    tom.stop(som.currentTime + quando + 0.1);
  }
  volume.gain.setValueAtTime(0.15, som.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, som.currentTime + 0.3);
  setTimeout(() => som.close(), 1000);
}
