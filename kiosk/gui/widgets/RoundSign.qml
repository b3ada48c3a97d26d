import QtQuick

// An icon on a coloured disc. `tone` is one of Theme's.
Rectangle {
    id: sign
    property string icon: ""
    property string tone: "sure"
    property int side: 120

    width: side
    height: side
    radius: side / 2
    color: Theme.groundOf(tone)
    Icon {
        anchors.centerIn: parent
        name: sign.icon
        size: Math.round(sign.side / 2)
        color: Theme.inkOf(sign.tone)
    }
}
