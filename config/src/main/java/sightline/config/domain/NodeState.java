package sightline.config.domain;

/**
 * All that another process needs to go on as this node, written in the transaction that publishes the node's output.
 *
 * @param scene which scene
 * @param node configured name of the node
 * @param incarnation changes when the state was lost
 * @param tick last tick that the state includes
 * @param snapshot opaque to everybody but the node's own code, versioned inside; owned by the record
 * @param origin least real origin of the evidence in it
 */
public record NodeState(String scene, String node, long incarnation, long tick, byte[] snapshot, Origin origin) {}
